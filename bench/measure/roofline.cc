#include "measure/roofline.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <map>
#include <tuple>

#include "cases/problem.h"
#include "measure/gbench.h"
#include "measure/interruption.h"

extern "C" {
#include "core/dispatch.h"
#include "measure/peak.h"
}

namespace {

// A limit is what the best of several bursts reached. A burst is long enough for the clock and for
// starting threads, and short enough to fall between two interruptions.
const double burst_seconds = 2e-3;
const int burst_count = 30;

enum class kind { flops, read, copy };

// Something to do many times over.
struct work {
    kind what;
    const nt_isa *isa;
    size_t bytes; // of src, to be read, or copied to dst
    int threads;
    Floats src = nullptr, dst = nullptr;

    double do_share(size_t from, size_t share, int64_t times) const;
    double do_all(int64_t times) const;
    double best_rate() const;
};

double work::do_share(size_t from, size_t share, int64_t times) const {
    const isa_peak *peak = isa_peaks;
    while (std::strcmp(peak->isa, isa->name) != 0) {
        peak++;
    }
    if (what == kind::flops) {
        return peak->multiply_add(times);
    }
    const char *in = reinterpret_cast<const char *>(src.get()) + from;
    char *out = reinterpret_cast<char *>(dst.get()) + from;
    for (int64_t i = 0; i < times; i++) {
        if (what == kind::copy) {
            std::memcpy(out, in, share);
        } else {
            peak->read(in, share);
        }
        __asm__ volatile("" : : "r"(out), "r"(in) : "memory"); // each time anew
    }
    return (what == kind::copy ? 2.0 : 1.0) * static_cast<double>(share) *
           static_cast<double>(times);
}

size_t whole_steps(size_t bytes) {
    return (bytes + PEAK_STEP - 1) / PEAK_STEP * PEAK_STEP;
}

// Each thread does its share, of memory a contiguous one, again and again: no waiting for each
// other is part of the limit.
double work::do_all(int64_t times) const {
    const auto count = static_cast<size_t>(threads);
    const size_t share = whole_steps((bytes + count - 1) / count);
    double done = 0;
#ifdef _OPENMP
#pragma omp parallel for num_threads(threads) schedule(static, 1) reduction(+ : done) \
    if (threads > 1)
#endif
    for (int i = 0; i < threads; i++) {
        const size_t from = std::min(share * static_cast<size_t>(i), bytes);
        done += do_share(from, std::min(share, bytes - from), times);
    }
    return done;
}

// Until enough bursts were long enough. One is too short when little was asked for, and may be long
// without having done much, when it was interrupted.
double work::best_rate() const {
    int64_t times = 1;
    double best = 0;
    host_pin(threads);
    for (int long_ones = 0; long_ones < burst_count && !interrupted();) {
        const double start = nt_seconds(), done = do_all(times);
        const double seconds = nt_seconds() - start;
        best = std::max(best, done / seconds);
        if (seconds < burst_seconds) {
            times *= 2;
        } else {
            long_ones++;
        }
    }
    return interrupted() ? 0 : best; // of too few bursts
}

// 0 if memory is short.
double measure(work w) {
    const size_t room = whole_steps(w.bytes);
    w.bytes = w.what == kind::read ? room : w.bytes;
    try {
        if (w.what != kind::flops) {
            w.src = floats(room / sizeof(float));
            std::memset(w.src.get(), 1, room);
        }
        if (w.what == kind::copy) {
            w.dst = floats(room / sizeof(float));
        }
    } catch (const std::bad_alloc &) {
        return 0;
    }
    return w.best_rate();
}

double remember(kind what, const nt_isa *isa, size_t bytes, int threads) {
    static std::map<std::tuple<kind, const nt_isa *, size_t, int>, double> known;
    const auto key = std::make_tuple(what, isa, bytes, threads);
    const auto found = known.find(key);
    return found != known.end() ? found->second : known[key] = measure({what, isa, bytes, threads});
}

// Floating-point operations a second of independent multiply-adds in registers.
double limit_flops(const nt_isa *isa, int threads) {
    return remember(kind::flops, isa, 0, threads);
}

// Bytes a second, read and written counted each, of a memcpy that reads and writes `bytes`
// altogether, on up to so many threads: the working set is `bytes`, wherever in the caches that
// fits.
double limit_copy(size_t bytes, int threads) {
    const size_t half = std::max<size_t>(bytes / 2, 64);
    const double one = remember(kind::copy, nt_usable_isa(0), half, 1);
    return threads == 1 ? one
                        : std::max(one, remember(kind::copy, nt_usable_isa(0), half, threads));
}

// Bytes a second of reading them all.
double limit_read(size_t bytes, int threads) {
    return remember(kind::read, nt_usable_isa(0), bytes, threads);
}

// Four times the last cache, so that little of it can stay there.
size_t memory_set() {
    return std::clamp(4 * host_last_cache(), size_t{64} << 20, size_t{512} << 20);
}

// "1.25e+11 0": the rate, and the working set.
void tell(const char *what, const char *where, int threads, double rate, size_t bytes, bool talks) {
    if (rate <= 0) {
        return;
    }
    char key[64], value[64];
    std::snprintf(key, sizeof key, "limit %s %s t%d", what, where, threads);
    std::snprintf(value, sizeof value, "%.9g %zu", rate, bytes);
    gb_add_context(key, value);
    if (talks) {
        std::printf("  %-16s %-8s %10.1f %s, %d thread%s\n", what, where, rate * 1e-9,
                    bytes == 0 ? "GFLOP/s" : "GB/s", threads, threads > 1 ? "s" : "");
    }
}

void measure_moves(const char *where, size_t bytes, int threads, bool talks) {
    tell("read", where, threads, limit_read(bytes, threads), bytes, talks);
    tell("copy", where, threads, limit_copy(bytes, threads), bytes, talks);
}

} // namespace

roofline limits_roofline(const layer &l, const nt_isa *isa, int threads, bool cold) {
    const double flops = limit_flops(isa != nullptr ? isa : nt_usable_isa(0), threads);
    const size_t bytes = cold ? memory_set() : static_cast<size_t>(l.bytes);
    const double rate =
        l.operation->reads ? limit_read(bytes, threads) : limit_copy(bytes, threads);
    if (flops <= 0 || rate <= 0) {
        return {};
    }
    // Filters of bytes have more lanes than multiply-adds of floats.
    const double compute = l.operation->rate == RATE_PIXELS ? 0 : l.flops / flops,
                 memory = l.bytes / rate;
    return compute > memory ? roofline{compute, "compute"} : roofline{memory, "memory"};
}

void limits_measure(int threads, bool talks) {
    const nt_isa *isa;
    for (int i = 0; (isa = nt_usable_isa(i)) != nullptr; i++) {
        tell("flops", isa->name, threads, limit_flops(isa, threads), 0, talks);
    }
    const std::vector<size_t> sizes = host_caches();
    for (size_t level = 0; level < sizes.size(); level++) {
        if (sizes[level] > 0) {
            // Half of a cache surely stays in it. The inner ones each core has for itself.
            const bool shared = sizes[level] == host_last_cache();
            measure_moves(("L" + std::to_string(level + 1)).c_str(),
                          sizes[level] / 2 * static_cast<size_t>(shared ? 1 : threads), threads,
                          talks);
        }
    }
    measure_moves("memory", memory_set(), threads, talks);
}
