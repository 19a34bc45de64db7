// Other busy processes beside the benchmark, as on a machine that is shared.
#ifndef NINETAP_BENCH_NEIGHBOURS_H
#define NINETAP_BENCH_NEIGHBOURS_H

enum { NEIGHBOURS_MOST = 64 };

// Starts so many processes that compute without end, each in a session of its own, so that the
// scheduler treats them as other users' programs. They end with this process, however it ends.
// Before the process has threads. false: not all of them could be started, and none runs.
bool neighbours_start(int count);

// Ends them.
void neighbours_end();

#endif
