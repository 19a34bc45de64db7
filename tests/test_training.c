/* The network of the doodle example learns what the example draws: the same weights, to the bit, on
 * every machine, instruction set and number of threads, and no step but the first allocates. */
#include <inttypes.h>
#include <string.h>

#include "digest.h"
#include "generator.h"
#include "support/allocations.h"
#include "support/suite.h"
#include "trainer.h"

enum { BATCH = 32, SHORT = 10, LONG = 200, PIXELS = DIGIT_SIDE * DIGIT_SIDE };

static void draw(trainer *t, int64_t step) {
    for (int64_t i = 0; i < BATCH; i++) {
        const int64_t number = step * BATCH + i;
        unsigned char bytes[PIXELS];
        t->label[i] = number % KINDS;
        generator_draw(bytes, (int)t->label[i], 1, (uint64_t)(number / KINDS));
        network_load(t->net, i, bytes);
    }
}

/* Their digest; *known: how many of the last 10 batches it knew before it learnt them. */
static uint64_t learn(int steps, int threads, int *known, int *allocations) {
    static network net;
    trainer t;
    const network_shape shape = {
        .n = BATCH, .filters = {8, 16}, .classes = KINDS, .threads = threads};
    double loss;
    int right;
    *known = *allocations = 0;
    REQUIRE(network_create(&net, &shape) == NINETAP_OK);
    REQUIRE(trainer_create(&t, &net) == NINETAP_OK);
    network_randomise(&net, 1);
    REQUIRE(network_update(&net) == NINETAP_OK);
    for (int step = 0; step < steps; step++) {
        draw(&t, step);
        t.adam.rate = 0.008 * (1 - (double)step / (double)LONG);
        allocations_fail(0, false);
        REQUIRE(trainer_step(&t, &loss, &right) == NINETAP_OK);
        const int tried = allocations_tried();
        *allocations += step > 0 ? tried : 0;
        *known += step >= steps - 10 ? right : 0;
    }
    uint64_t digest = DIGEST_START;
    for (int64_t i = 0; i < net.count; i++) {
        uint32_t bits;
        memcpy(&bits, &net.values[i], sizeof bits);
        digest = digest_word(digest, bits, 4);
    }
    trainer_free(&t);
    network_free(&net);
    return digest;
}

static bool is_digest(int steps, uint64_t digest) {
    const uint64_t expected =
        steps == SHORT ? UINT64_C(0x31703166d5fb217a) : UINT64_C(0x2f4975a0d6348a58);
    return digest == expected ||
           suite_wrong("%d steps: %016" PRIx64 ", not %016" PRIx64, steps, digest, expected);
}

/* Under an emulator, or where many builds run this, few steps are enough; portable C is slow. */
static int steps_of(const char *isa) {
    const int64_t cases = suite_cases(50);
    return cases > 400 || (cases >= 50 && strcmp(isa, "scalar") != 0) ? LONG : SHORT;
}

static void same_weights(const char *isa) {
    int known, allocations;
    const int steps = steps_of(isa);
    REQUIRE(ninetap_set_isa(isa) == NINETAP_OK);
    const uint64_t digest = learn(steps, 1, &known, &allocations);
    suite_require(is_digest(steps, digest));
    REQUIRE(steps == SHORT || known > 300);
    REQUIRE(allocations == 0);
    for (int threads = 2; threads <= 7; threads += 5)
        suite_require(is_digest(SHORT, learn(SHORT, threads, &known, &allocations)));
    ninetap_set_isa(NULL);
}

int main(int argc, char **argv) {
    static const suite_test tests[] = {{.name = "same_weights", .each_isa = same_weights},
                                       {.name = NULL}};
    return suite_main("training", tests, argc, argv);
}
