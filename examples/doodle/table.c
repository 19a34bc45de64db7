#include "table.h"

#include <inttypes.h>
#include <math.h>

#include "progress.h"

typedef struct row {
    char name[40], output[24], algorithm[40];
    int64_t parameters, macs;
    double microseconds; /* the least of many runs */
} row;

/* A single run is too short for the clock. */
static ninetap_status measure(network *net, int layer, double *least) {
    enum { ROUNDS = 50, RUNS = 20 };
    ninetap_status status = NINETAP_OK;
    *least = INFINITY;
    for (int round = 0; round < ROUNDS && status == NINETAP_OK; round++) {
        const double start = seconds();
        for (int run = 0; run < RUNS && status == NINETAP_OK; run++)
            status = network_run_layer(net, layer);
        *least = fmin(*least, 1e6 * (seconds() - start) / (double)RUNS);
    }
    return status;
}

static void describe_stage(const stage *s, int number, row *r) {
    ninetap_plan_info info;
    ninetap_conv3x3_describe(s->fused ? s->fused : s->filter, &info);
    snprintf(r->name, sizeof r->name, "conv%d + ReLU + pool%d", number, number);
    snprintf(r->output, sizeof r->output, "%dx%dx%d", s->filters, s->pooled, s->pooled);
    snprintf(r->algorithm, sizeof r->algorithm, "%s%s", info.algorithm,
             s->fused ? ", pool fused" : ", then pool");
    r->parameters = (int64_t)s->filters * (s->channels * 9 + 1);
    r->macs = info.macs;
}

static void describe(const network *net, int layer, row *r) {
    *r = (row){.name = "softmax", .algorithm = "-"};
    snprintf(r->output, sizeof r->output, "%d", net->shape.classes);
    if (layer < STAGES) {
        describe_stage(&net->stage[layer], layer + 1, r);
    } else if (layer == STAGES) {
        snprintf(r->name, sizeof r->name, "flatten + dense");
        snprintf(r->algorithm, sizeof r->algorithm, "direct");
        r->parameters = (net->features + 1) * net->shape.classes;
        r->macs = net->features * net->shape.classes;
    }
}

static void print_row(FILE *report, const row *r) {
    fprintf(report, "%-20s  %-8s  %10" PRId64 "  %8" PRId64 "  %-19s  %8.2f\n", r->name, r->output,
            r->parameters, r->macs, r->algorithm, r->microseconds);
}

ninetap_status table_print(FILE *report, network *net) {
    row sum = {.name = "all", .algorithm = ""};
    fprintf(report, "%-20s  %-8s  %10s  %8s  %-19s  %8s\n", "layer", "output", "parameters", "MACs",
            "algorithm", "us");
    fprintf(report, "%-20s  %-8s\n", "input", "1x28x28");
    for (int layer = 0; layer < LAYERS; layer++) {
        row r;
        describe(net, layer, &r);
        const ninetap_status status = measure(net, layer, &r.microseconds);
        if (status != NINETAP_OK)
            return status;
        print_row(report, &r);
        sum.parameters += r.parameters;
        sum.macs += r.macs;
        sum.microseconds += r.microseconds;
    }
    print_row(report, &sum);
    return NINETAP_OK;
}
