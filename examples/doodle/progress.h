/* What the user sees of a training, and Ctrl-C. */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

double seconds(void);

/* From now on Ctrl-C is only noted; the second one ends the program. */
void interrupt_catch(void);
bool interrupt_seen(void);

typedef struct progress {
    int64_t steps, last;     /* done, and when all is done */
    int64_t first;           /* with which this program began */
    int64_t epoch, epochs;   /* from 1 */
    int64_t images, right;   /* of this epoch */
    double loss;             /* summed over its images */
    double training, lasted; /* seconds: of this epoch, of all */
    double drawn;            /* when the line was */
    bool is_terminal;
    FILE *report; /* where the lines of epochs go */
} progress;

/* A line that stays in place on a terminal, a few times a second. */
void progress_draw(progress *p);
void progress_clear(const progress *p);

/* The line of an epoch. tested 0: none was kept apart. */
void progress_epoch(const progress *p, int64_t known, int64_t tested);

#endif
