#include "support/patience.h"

#include "core/backoff.h"

bool teams_may_back_off;

void __real_nt_backoff_note(nt_backoff *b, uint32_t alone, uint32_t start, uint32_t joined);
void __wrap_nt_backoff_note(nt_backoff *b, uint32_t alone, uint32_t start, uint32_t joined);

void __wrap_nt_backoff_note(nt_backoff *b, uint32_t alone, uint32_t start, uint32_t joined) {
    if (teams_may_back_off)
        __real_nt_backoff_note(b, alone, start, joined);
}
