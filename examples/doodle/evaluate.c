#include <string.h>

#include "commands.h"
#include "trainer.h"

/* The last batch may be only partly of doodles; what else is in it does not matter. */
ninetap_status evaluate(network *net, const data *d, int64_t *known, int64_t *confusion) {
    const int64_t n = net->shape.n, outputs = net->shape.classes;
    *known = 0;
    for (int64_t first = 0; first < d->count; first += n) {
        const int64_t count = d->count - first < n ? d->count - first : n;
        for (int64_t i = 0; i < count; i++)
            network_load(net, i, d->bytes + (first + i) * PIXELS);
        const ninetap_status status = network_run(net, false);
        if (status != NINETAP_OK)
            return status;
        *known += network_right(net, d->label + first, count);
        for (int64_t i = 0; i < count && confusion; i++)
            confusion[d->label[first + i] * outputs + network_best(net, i)]++;
    }
    return NINETAP_OK;
}
