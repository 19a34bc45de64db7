/* That the arithmetic is IEEE 754's, whatever flags this file was compiled with (flags.sh). Each
 * check is one that some flag breaks. With an argument the program prints what is wrong. */
#ifndef UNGUARDED
#include "core/build.h"
#endif

#include <math.h>
#include <stdio.h>
#include "targets/target.h"

#define APART __attribute__((noinline))

/* Not known to the compiler. */
static volatile float one = 1.0F, three = 3.0F, small = 0x1p-12F, large = 0x1p24F,
                      largest = 0x1.fffffep127F, minus_zero = -0.0F, nan_value = NAN;
static volatile double tenth = 0.1;

static APART float product_plus(float a, float b, float c) {
    return a * b + c;
}
static APART float two_steps(float a, float b, float c) {
    const float product = a * b;
    return product + c;
}
static APART float back_and_forth(float a, float b) {
    return (a + b) - a;
}
static APART float sum(const volatile float *v) {
    float total = 0.0F;
    for (int i = 0; i < 8; i++) {
        total += v[i];
    }
    return total;
}
static APART int thirds(float a, float b, float c, float d) {
    static volatile float right[3] = {0x1.aaaaaap0F, 0x1.2aaaaap1F, 0x1.d55556p1F};
    return a / d == right[0] && b / d == right[1] && c / d == right[2];
}
static APART int same(float a, float b) {
    return a == b;
}
static APART float plus_zero(float a) {
    return a + 0.0F;
}
static APART double times_tenth(double a) {
    return a * 0.1;
}

#ifdef NINETAP_HAVE_AVX2
TARGET_BEGIN("avx2,fma")
static APART float vector_product_plus(float a, float b, float c) {
    typedef float vector __attribute__((vector_size(32))); /* what the intrinsics are made of */
    const vector x = {a}, y = {b}, z = {c};
    const vector product = x * y;
    const vector result = product + z;
    return result[0];
}
TARGET_END
static int has_fma(void) {
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}
#else
static float vector_product_plus(float a, float b, float c) {
    return two_steps(a, b, c);
}
static int has_fma(void) {
    return 1;
}
#endif

static int wrong(const char *what, int is_right, int verbose) {
    if (!is_right && verbose) {
        printf("%s\n", what);
    }
    return is_right ? 0 : 1;
}

int main(int argc, char **argv) {
    (void)argv;
    const int verbose = argc > 1;
    /* (1 + s)^2 is 1 + 2 s + s^2; s^2 is lost when the product is rounded. */
    const float factor = one + small, rest = -(one + 2.0F * small);
    static volatile float mixed[8] = {0x1p24F, 1.0F, 1.0F, 1.0F, 1.0F, -0x1p24F, 1.0F, 1.0F};
    int bad = 0;
    bad += wrong("a * b + c is fused", product_plus(factor, factor, rest) == 0.0F, verbose);
    bad += wrong("a product and a sum are fused", two_steps(factor, factor, rest) == 0.0F, verbose);
    bad += wrong("vectors are fused",
                 !has_fma() || vector_product_plus(factor, factor, rest) == 0.0F, verbose);
    bad += wrong("(a + b) - a is b", back_and_forth(large, one) == 0.0F, verbose);
    bad += wrong("a sum is in another order", sum(mixed) == 2.0F, verbose);
    bad += wrong("a sum is not rounded to float", isinf((largest + largest) / three), verbose);
    bad += wrong("a quotient is a product", thirds(5.0F, 7.0F, 11.0F, three), verbose);
    bad += wrong("a NaN equals itself", !same(nan_value, nan_value), verbose);
    bad += wrong("isnan is false", isnan(nan_value), verbose);
    bad += wrong("-0 + 0 is -0", signbit(plus_zero(minus_zero)) == 0, verbose);
    bad += wrong("a constant is a float", times_tenth((double)one) == tenth, verbose);
    return bad != 0;
}
