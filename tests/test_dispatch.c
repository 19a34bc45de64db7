/* The list of instruction sets, forcing one of them, and that the forced one really runs. */
#include <string.h>

#include "core/dispatch.h"
#include "ninetap.h"
#include "support/suite.h"
#include "targets/isa.h"

static void list(void) {
    const int count = ninetap_isa_count();
    REQUIRE(count >= 1);
    for (int i = 0; i < count; i++) {
        const char *name = ninetap_isa_name(i);
        REQUIRE(name != NULL && name[0] != '\0');
        REQUIRE(nt_usable_isa(i) != NULL && strcmp(nt_usable_isa(i)->name, name) == 0);
        REQUIRE(nt_find_isa(name) == nt_usable_isa(i));
        for (int k = 0; k < i; k++)
            REQUIRE(strcmp(name, ninetap_isa_name(k)) != 0);
    }
    REQUIRE(strcmp(ninetap_isa_name(count - 1), "scalar") == 0);
    REQUIRE(ninetap_isa_name(-1) == NULL && ninetap_isa_name(count) == NULL);
    REQUIRE(nt_usable_isa(count) == NULL && nt_compiled_isa(-1) == NULL);
}

/* Whether there is the tile; pixels == 0: any. */
static bool has_oc(const nt_kernels *kernels, int rows, int pixels, int vectors) {
    for (int i = 0; i < kernels->oc_count; i++)
        if (kernels->oc[i].rows == rows && kernels->oc[i].vectors == vectors &&
            (pixels == 0 || kernels->oc[i].pixels == pixels))
            return true;
    return false;
}

static bool has_x(const nt_kernels *kernels, int filters, int vectors) {
    for (int i = 0; i < kernels->x_count; i++)
        if (kernels->x[i].filters == filters && kernels->x[i].vectors == vectors)
            return true;
    return false;
}

static bool has_dw(const nt_kernels *kernels, int rows, int pixels, int stride) {
    for (int i = 0; i < kernels->dw_count; i++)
        if (kernels->dw[i].rows == rows && kernels->dw[i].pixels == pixels &&
            kernels->dw[i].stride == stride)
            return true;
    return false;
}

static bool has_dense(const nt_kernels *kernels, int rows, int vectors) {
    for (int i = 0; i < kernels->dense_count; i++)
        if (kernels->dense[i].rows == rows && kernels->dense[i].vectors == vectors)
            return true;
    return false;
}

/* What the framework relies on in the lists: below each tile stands every narrower one, so that any
 * remainder has its kernel. */
static void lists(const nt_kernels *kernels, const char *name) {
    for (int vectors = 1; vectors <= 2; vectors++)
        REQUIRE(has_oc(kernels, 1, 1, vectors));
    for (int i = 0; i < kernels->oc_count; i++) {
        const nt_oc_kernel *k = &kernels->oc[i];
        REQUIRE(k->run[0] != NULL && k->run[1] != NULL && strstr(k->name, name) != NULL);
        REQUIRE(k->pixels == 1 || has_oc(kernels, k->rows, k->pixels - 1, k->vectors));
        REQUIRE(k->rows == 1 || has_oc(kernels, k->rows - 1, 0, k->vectors));
    }
    REQUIRE(has_x(kernels, 1, 1));
    for (int i = 0; i < kernels->x_count; i++) {
        const nt_x_kernel *k = &kernels->x[i];
        REQUIRE(k->run != NULL && strstr(k->name, name) != NULL);
        REQUIRE(k->vectors <= 3);
        REQUIRE(k->filters == 1 || has_x(kernels, k->filters - 1, k->vectors));
        REQUIRE(k->vectors == 1 || has_x(kernels, k->filters, k->vectors - 1));
    }
    for (int stride = 1; stride <= 3; stride++)
        REQUIRE(has_dw(kernels, 1, 1, stride));
    for (int i = 0; i < kernels->dw_count; i++) {
        const nt_dw_kernel *k = &kernels->dw[i];
        REQUIRE(k->run != NULL && strstr(k->name, name) != NULL);
        REQUIRE(k->pixels == 1 || has_dw(kernels, k->rows, k->pixels - 1, k->stride));
        REQUIRE(k->rows == 1 || has_dw(kernels, k->rows - 1, k->pixels, k->stride));
    }
    REQUIRE(has_dense(kernels, 1, 1));
    for (int i = 0; i < kernels->dense_count; i++) {
        const nt_dense_kernel *k = &kernels->dense[i];
        REQUIRE(k->run != NULL);
        REQUIRE(k->rows == 1 || k->vectors > 2 || has_dense(kernels, k->rows - 1, k->vectors));
        REQUIRE(k->vectors == 1 || has_dense(kernels, k->rows, k->vectors - 1));
    }
}

static void tables(const char *name) {
    const nt_isa *isa = nt_find_isa(name);
    lists(isa->separate, name);
    if (isa->fused != NULL)
        lists(isa->fused, name);
    REQUIRE(isa->fused != NULL || !isa->fast_fma);
    REQUIRE(strstr(isa->unpool.name, name) != NULL);
    for (int i = 0; i < NT_POOL_OPS; i++)
        REQUIRE(strstr(isa->pool[i].name, name) != NULL);
}

/* What describe says of a plan made for a small image, by layout. */
static ninetap_plan_info plan_for(const char *isa, ninetap_layout layout) {
    static const float weights[8 * 3 * 9];
    const ninetap_conv3x3_desc d = {
        .n = 1, .ic = 3, .ih = 9, .iw = 40, .oc = 8, .layout = layout, .isa = isa};
    ninetap_conv3x3 *plan;
    ninetap_plan_info info;
    REQUIRE(ninetap_conv3x3_create(&plan, &d, weights, NULL) == NINETAP_OK);
    ninetap_conv3x3_describe(plan, &info);
    ninetap_conv3x3_free(plan);
    return info;
}

static void require_runs(const char *asked, const char *wanted) {
    for (int layout = 0; layout < 2; layout++) {
        const ninetap_plan_info info = plan_for(asked, (ninetap_layout)layout);
        REQUIRE(strcmp(info.isa, wanted) == 0);
        REQUIRE(strstr(info.kernel, wanted) != NULL);
    }
}

static void forced_by_plan(const char *isa) {
    require_runs(isa, isa);
    REQUIRE(strcmp(ninetap_isa(), ninetap_isa_name(0)) == 0);
}

static void forced_for_all(const char *isa) {
    REQUIRE(ninetap_set_isa(isa) == NINETAP_OK);
    REQUIRE(strcmp(ninetap_isa(), isa) == 0);
    require_runs(NULL, isa);
    /* A plan's own choice goes before it. */
    require_runs("scalar", "scalar");
    /* An unusable name changes nothing. */
    REQUIRE(ninetap_set_isa("avx9000") == NINETAP_ERR_UNSUPPORTED);
    REQUIRE(ninetap_set_isa("") == NINETAP_ERR_UNSUPPORTED);
    REQUIRE(strcmp(ninetap_isa(), isa) == 0);
    REQUIRE(ninetap_set_isa(NULL) == NINETAP_OK);
    REQUIRE(strcmp(ninetap_isa(), ninetap_isa_name(0)) == 0);
    require_runs(NULL, ninetap_isa_name(0));
}

/* An ISA that this build contains and this machine cannot run is refused, not run. */
static void compiled_but_unusable(void) {
    for (int i = 0; nt_compiled_isa(i) != NULL; i++) {
        const char *name = nt_compiled_isa(i)->name;
        const bool usable = nt_find_isa(name) != NULL;
        REQUIRE(ninetap_set_isa(name) == (usable ? NINETAP_OK : NINETAP_ERR_UNSUPPORTED));
        REQUIRE(ninetap_set_isa(NULL) == NINETAP_OK);
    }
}

static void selftest(void) {
    ninetap_selftest_report report;
    REQUIRE(ninetap_selftest(&report) == NINETAP_OK);
    REQUIRE(report.cases >= 10 * ninetap_isa_count());
    suite_require(report.failures == 0 || suite_wrong("%s", report.first_failure));
    REQUIRE(report.first_failure[0] == '\0');
    REQUIRE(ninetap_selftest(NULL) == NINETAP_OK);
}

int main(int argc, char **argv) {
    static const suite_test tests[] = {
        {.name = "list", .once = list},
        {.name = "tables", .each_isa = tables},
        {.name = "forced_by_plan", .each_isa = forced_by_plan},
        {.name = "forced_for_all", .each_isa = forced_for_all},
        {.name = "compiled_but_unusable", .once = compiled_but_unusable},
        {.name = "selftest", .once = selftest},
        {0},
    };
    return suite_main("dispatch", tests, argc, argv);
}
