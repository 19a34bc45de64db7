/* Scratch memory that outlives the call that needed it. */
#ifndef NINETAP_WORKSPACE_H
#define NINETAP_WORKSPACE_H

#include <stddef.h>

#define NT_ALIGNMENT 64

/* At least `bytes` bytes aligned to NT_ALIGNMENT, for this caller alone until given back; NULL when
 * out of memory. The contents are undefined. */
void *nt_workspace_take(size_t bytes);
void nt_workspace_give(void *memory);

/* Memory of an exact size for plans; NULL when out of memory. Windows has its own function that
 * frees aligned memory. */
void *nt_aligned_alloc(size_t bytes);
void nt_aligned_free(void *memory);

#endif
