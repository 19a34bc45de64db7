/* Pictures of how a network learns: frames in a directory, what a few doodles make of it at the
 * time, and at the end an animation of them and the curve. */
#ifndef WATCH_H
#define WATCH_H

#include "apng.h"
#include "curve.h"
#include "data.h"
#include "network.h"

enum { WATCHED = 4 };

typedef struct watch {
    const char *directory;
    const classes *classes;
    network net; /* of the doodles that are watched */
    int64_t label[WATCHED];
    int64_t last; /* step of the training */
    int frames;
    curve curve;
    apng animation;
} watch;

/* Makes the directory, if there is none. On failure these print one line to stderr and return
 * false. *w is to be freed in any case. */
bool watch_begin(watch *w, const char *directory, const classes *c, const data *from,
                 const network_shape *shape, int64_t last);

/* Of a step: its loss, and the part of the batch that was right. Some steps become a frame. */
bool watch_step(watch *w, const network *net, double loss, double right);
bool watch_end(watch *w, const network *net);
void watch_free(watch *w);

/* One frame. */
bool watch_draw(canvas *c, const watch *w);

#endif
