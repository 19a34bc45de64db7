// tensors.h for C++: they free themselves.
#ifndef NINETAP_BENCH_PEERS_OWNED_TENSORS_H
#define NINETAP_BENCH_PEERS_OWNED_TENSORS_H

#include <new>

#include "peers/tensors.h"

class OwnedTensors {
  public:
    OwnedTensors(const problem &p, ninetap_layout layout) {
        if (!tensors_make(&data_, &p, layout)) {
            tensors_free(&data_);
            throw std::bad_alloc();
        }
    }
    ~OwnedTensors() {
        tensors_free(&data_);
    }
    OwnedTensors(const OwnedTensors &) = delete;
    OwnedTensors &operator=(const OwnedTensors &) = delete;

    float *src(size_t set) const {
        return data_.src[set];
    }
    float *dst(size_t set) const {
        return data_.dst[set];
    }
    void fetch() const {
        tensors_fetch(&data_);
    }

  private:
    tensors data_{};
};

#endif
