#include "measure/info.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <initializer_list>
#include <sstream>
#include <string>
#include <utility>

#ifdef _WIN32
#define environ _environ
#else
#include <sys/utsname.h>
#include <unistd.h>
#endif

#include "measure/gbench.h"
#include "measure/host.h"
#include "peers/peer.h"

extern "C" {
#include "core/dispatch.h"
#include "core/machine.h"
#include "targets/isa.h"
}

namespace {

bool aloud; // on stdout, too

template <class... Parts> std::string text(const Parts &...parts) {
    std::ostringstream made;
    (made << ... << parts);
    return made.str();
}

// A fact of no words is unknown.
template <class... Parts> void tell(const std::string &key, const Parts &...parts) {
    const std::string words = text(parts...), said = words.empty() ? "unknown" : words;
    gb_add_context(key.c_str(), said.c_str());
    if (aloud) {
        std::printf("  %-16s %s\n", key.c_str(), said.c_str());
    }
}

// The next word of a list in words.
void add(std::string &list, const char *between, const std::string &word) {
    list += (list.empty() ? "" : between) + word;
}

// ---- what the system tells --------------------------------------------------------------------

#ifdef _WIN32
void tell_system() {
    for (const auto &[key, variable] :
         {std::pair("CPU", "PROCESSOR_IDENTIFIER"), std::pair("cores", "NUMBER_OF_PROCESSORS"),
          std::pair("system", "OS")}) {
        const char *value = std::getenv(variable);
        tell(key, value != nullptr ? value : "");
    }
}
#else
// Of the first of these files that has a line that starts with the key: the rest of it, without
// what separates it.
std::string first_of(std::initializer_list<std::pair<const char *, const char *>> places) {
    for (const auto &[path, key] : places) {
        std::ifstream file(path);
        for (std::string line; std::getline(file, line);) {
            if (line.compare(0, std::strlen(key), key) == 0) {
                const char *value = line.c_str() + std::strlen(key);
                return value + std::strspn(value, " \t:");
            }
        }
    }
    return "";
}

#define SYSFS "/sys/devices/system/cpu/"

void tell_system() {
    utsname names = {};
    (void)uname(&names);
    const std::string cpu = first_of({{"/proc/cpuinfo", "model name"},
                                      {"/proc/cpuinfo", "Model"}, // a board of Arm
                                      {"/sys/firmware/devicetree/base/model", ""}});
    const auto page = static_cast<double>(sysconf(_SC_PAGESIZE));
    const double memory = static_cast<double>(sysconf(_SC_PHYS_PAGES)) * page;
    char gib[32];
    std::snprintf(gib, sizeof gib, "%.1f GiB", memory / 0x1p30);
    tell("CPU", cpu.empty() ? names.machine : cpu);
    tell("computer", first_of({{"/sys/class/dmi/id/product_name", ""}}));
    tell("cores", sysconf(_SC_NPROCESSORS_ONLN),
         " CPUs; one core's: ", first_of({{SYSFS "cpu0/topology/thread_siblings_list", ""}}));
    tell("memory", gib, ", pages of ", page / 1024, " KiB; transparent huge ones: ",
         first_of({{"/sys/kernel/mm/transparent_hugepage/enabled", ""}}));
    tell("system", names.sysname, " ", names.release, " ", names.machine);
    tell("governor", first_of({{SYSFS "cpu0/cpufreq/scaling_governor", ""}}));
    tell("boost", first_of({{SYSFS "cpufreq/boost", ""}}));
    tell("no turbo", first_of({{SYSFS "intel_pstate/no_turbo", ""}}));
    tell("affinity", first_of({{"/proc/self/status", "Cpus_allowed_list"}}));
}
#endif

// ---- what the library sees --------------------------------------------------------------------

template <class Sizes> void tell_caches(const char *key, const Sizes &bytes) {
    std::string list;
    for (int level = NT_IN_L1; level < NT_IN_MEMORY; level++) {
        const auto kib = bytes[level] / 1024;
        const bool mib = kib >= 1024 && kib % 1024 == 0;
        if (kib > 0) {
            add(list, ", ",
                text("L", level + 1, " ", mib ? kib / 1024 : kib, mib ? " MiB" : " KiB"));
        }
    }
    tell(key, list);
}

std::string levels(const float *values) {
    return text(values[0], ", ", values[1], ", ", values[2], ", memory ", values[3]);
}

// The row of costs that predictions come from.
void tell_model() {
    const nt_isa *isa = nt_find_isa(nullptr);
    const nt_machine m = nt_machine_of(isa->name);
    const nt_costs &row = *m.costs;
    const nt_issue &issue = *m.issue;
    tell("machine model", row.name, ", ", row.source);
    tell_caches("its caches", m.cache);
    tell("its costs", row.ghz, " GHz; a cycle: ", row.width, " instructions, of ", isa->name, " ",
         issue.fused, " fused multiply-adds, ", issue.separate, " separate, ", issue.loads,
         " loads, ", issue.stores, " stores, ", issue.shuffles, " shuffles; sums' latency ",
         issue.fused_latency, ", ", issue.sum_latency, "; loads' latency ", levels(row.latency),
         "; bytes read a cycle ", levels(row.bytes), "; in flight ", row.window,
         ", mispredicted branch ", row.mispredict, " cycles");
}

void tell_isas() {
    std::string usable, others;
    for (int i = 0; nt_usable_isa(i) != nullptr; i++) {
        add(usable, ", ", nt_usable_isa(i)->name);
    }
    for (int i = 0; nt_compiled_isa(i) != nullptr; i++) {
        if (nt_find_isa(nt_compiled_isa(i)->name) == nullptr) {
            add(others, ", ", nt_compiled_isa(i)->name);
        }
    }
    tell("ISAs", usable);
    tell("ISAs not usable", others.empty() ? "none of this build's" : others);
}

// ---- how it was built, and is run -------------------------------------------------------------

// The variables that steer libraries and their threads.
void tell_environment() {
    std::string list;
    for (char **variable = environ; *variable != nullptr; variable++) {
        for (const char *prefix : {"OMP_", "GOMP_", "KMP_", "NINETAP_", "DNNL_", "ONEDNN_"}) {
            if (std::strncmp(*variable, prefix, std::strlen(prefix)) == 0) {
                add(list, " ", *variable);
            }
        }
    }
    tell("environment",
         list.empty() ? "no OMP_, GOMP_, KMP_, NINETAP_, DNNL_, ONEDNN_ variables" : list);
}

void tell_peers() {
    for (size_t i = 0; peers[i] != nullptr; i++) {
        std::string version;
        try {
            version = peers[i]->version();
        } catch (const std::exception &e) {
            version = e.what();
        }
        tell(text("peer ", peers[i]->name), version.substr(0, version.find('\n')));
    }
    std::istringstream absent(peers_absent);
    for (std::string line; std::getline(absent, line);) {
        const size_t colon = line.find(": ");
        tell("no peer " + line.substr(0, colon), line.substr(colon + 2));
    }
}

} // namespace

// The date and the load are Google Benchmark's to tell.
void info_tell(bool talks) {
    aloud = talks;
    tell("ninetap", ninetap_version());
    tell_system();
    tell_caches("data caches", host_caches());
    tell_model();
    tell("threads", host_max_threads());
    tell("OpenMP", host_openmp());
    tell_environment();
    tell_isas();
    tell("compiler", NINETAP_BENCH_COMPILER);
    tell("flags", NINETAP_BENCH_FLAGS);
    tell_peers();
}
