/* Sets of sizes worth trying: those around the tile boundaries of an instruction set. They are read
 * from its table, so a new tile is covered as soon as it is in the table. */
#ifndef TESTS_SIZES_H
#define TESTS_SIZES_H

#include "targets/isa.h"

typedef struct sizes {
    int count;
    int value[128]; /* rising */
} sizes;

/* Output columns, output channels, input channels; input_channels for the copy of the input, which
 * is transposed in blocks of vectors. */
sizes sizes_of_columns(const nt_isa *isa);
sizes sizes_of_output_channels(const nt_isa *isa);
sizes sizes_of_input_channels(const nt_isa *isa);
/* What is worked on in vectors alone: depthwise channels, pooled columns. */
sizes sizes_of_vectors(const nt_isa *isa);
/* The same of bytes. */
sizes sizes_of_byte_vectors(const nt_isa *isa);

#endif
