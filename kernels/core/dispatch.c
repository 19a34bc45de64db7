#include "core/build.h"
#include "core/dispatch.h"

#include <stdatomic.h>
#include <string.h>

#include "core/environment.h"
#include "ninetap.h"

/* What ninetap_set_isa chose; NULL means automatic. */
static _Atomic(const nt_target *) forced;

static const nt_target *usable_target(int i) {
    for (const nt_target *t = nt_targets; i >= 0 && t->name != NULL; t++) {
        if (t->usable() && i-- == 0) {
            return t;
        }
    }
    return NULL;
}

static const nt_target *find_target(const char *name) {
    if (name == NULL) {
        const nt_target *t = atomic_load_explicit(&forced, memory_order_relaxed);
        t = t != NULL ? t : nt_environment_get().target;
        return t != NULL ? t : usable_target(0);
    }
    for (const nt_target *t = nt_targets; t->name != NULL; t++) {
        if (strcmp(t->name, name) == 0) {
            return t->usable() ? t : NULL;
        }
    }
    return NULL;
}

const nt_isa *nt_usable_isa(int i) {
    const nt_target *t = usable_target(i);
    return t != NULL ? t->isa : NULL;
}

const nt_isa *nt_find_isa(const char *name) {
    const nt_target *t = find_target(name);
    return t != NULL ? t->isa : NULL;
}

const nt_isa *nt_compiled_isa(int i) {
    const nt_target *t = nt_targets;
    while (t->name != NULL && i > 0) {
        t++;
        i--;
    }
    return i == 0 ? t->isa : NULL;
}

int ninetap_isa_count(void) {
    int n = 0;
    while (usable_target(n) != NULL) {
        n++;
    }
    return n;
}

const char *ninetap_isa_name(int i) {
    const nt_target *t = usable_target(i);
    return t != NULL ? t->name : NULL;
}

const char *ninetap_isa(void) {
    return find_target(NULL)->name;
}

ninetap_status ninetap_set_isa(const char *name) {
    const nt_target *t = name == NULL ? NULL : find_target(name);
    if (name != NULL && t == NULL) {
        return NINETAP_ERR_UNSUPPORTED;
    }
    atomic_store_explicit(&forced, t, memory_order_relaxed);
    return NINETAP_OK;
}
