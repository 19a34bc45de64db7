#ifndef PROGRAM_H
#define PROGRAM_H

/* What messages begin with; each example defines its own. */
extern const char program[];

#endif
