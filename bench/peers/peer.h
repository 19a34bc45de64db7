// Another library's implementation of a problem. One adapter a library, bench/peers/NAME.cc.
#ifndef NINETAP_BENCH_PEER_H
#define NINETAP_BENCH_PEER_H

#include "cases/problem.h"

// What not every adapter has: whether shapes of that kind are asked of it.
enum peer_work : unsigned {
    PEER_POOLED = 1,   // convolution, bias, ReLU and max pooling
    PEER_NETWORK = 2,  // a chain of layers
    PEER_FILTER = 4,   // image filters
    PEER_INT8 = 8,     // a convolution of u8 by s8 to u8
    PEER_BACKWARD = 16 // the gradient of a convolution's input
};

struct peer {
    const char *name;         // "onednn": in benchmarks' names, as an argument
    unsigned also;            // of peer_work
    std::string (*version)(); // "oneDNN 2.6.3"
    // Ready to run on every set of p's data. `own`: src is converted to the library's best layout
    // beforehand and dst stays in it; otherwise it takes and gives p's plain layout, its reorders
    // inside run. Throws where the library offers no such thing: the exception says why. Weights
    // and bias are prepared here. Exactly `threads` threads. Convolution: with bias and ReLU in one
    // call where the library can, else the cheapest it offers.
    std::unique_ptr<runner> (*create)(const problem &p, bool own, int threads);
};

extern const peer *const peers[]; // nullptr ends it; those found when this program was built
extern const char peers_absent[]; // a line for each that was not, and what would bring it; "" when
                                  // peers are off

#endif
