// ncnn: one image at a time, NCHW; each channel's plane begins on 16 bytes. NOT RUN so far, for
// want of an ncnn where it was written: it follows ncnn's documentation and was tried with a
// stand-in for ncnn only. Its results are verified like everybody's.
//
// Inside, 4, 8 or 16 channels are packed together. Handed an unpacked tensor, a network packs it,
// and unpacks what it returns unless told not to: that is the plain layout here, while `own` gives
// and takes packed ones. Of the Winograd switches, and of `own` the packings, the fastest are kept.
// fp16 and bf16 storage are off: they are another precision.
#include <cstdio>
#include <cstring>
#include <limits>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <allocator.h>
#include <mat.h>
#include <net.h>

#include "peers/adapter.h"

namespace {

struct Choice {
    int winograd; // 0: off, 2, 4, 6: F(2x2), F(4x4), F(6x6) only, -1: ncnn chooses
    int packing;
};

void set_options(ncnn::Option &options, const Choice &choice, int threads, ncnn::Allocator *blobs,
                 ncnn::Allocator *workspace) {
    options.num_threads = threads;
    options.use_vulkan_compute = false;
    options.use_fp16_packed = options.use_fp16_storage = options.use_fp16_arithmetic = false;
    options.use_bf16_storage = false;
    options.use_packing_layout = true;
    options.use_winograd_convolution = choice.winograd != 0;
    if (choice.winograd > 0) {
        options.use_winograd23_convolution = choice.winograd == 2;
        options.use_winograd43_convolution = choice.winograd == 4;
        options.use_winograd63_convolution = choice.winograd == 6;
    }
    options.blob_allocator = blobs; // with ncnn's own ones, what is returned is a copy
    options.workspace_allocator = workspace;
}

// The network in ncnn's text form: magic number, numbers of layers and blobs, then a line a layer:
// type, name, numbers of inputs and outputs, their names, numbered parameters.
std::string network(const problem &p) {
    const auto &s = p.shape;
    char layer[200];
    if (s.pooling) { // 0: maximum, 1: kernel, 2: stride, 3: padding, 5=1: round down
        snprintf(layer, sizeof layer, "Pooling work 1 1 x y 0=0 1=2 2=%d 3=%d 5=1\n", s.stride,
                 s.pad);
    } else { // 0: outputs, 1: kernel, 5: bias, 6: number of weights, 9=1: ReLU
        char groups[32] = "";
        if (s.groups > 1) {
            snprintf(groups, sizeof groups, " 7=%d", static_cast<int>(s.groups));
        }
        snprintf(layer, sizeof layer, "%s work 1 1 x y 0=%d 1=3 2=%d 3=%d 4=%d 5=1 6=%d%s 9=1\n",
                 s.groups > 1 ? "ConvolutionDepthWise" : "Convolution", static_cast<int>(s.oc),
                 s.dilation, s.stride, s.pad, static_cast<int>(p.weights_count), groups);
    }
    return std::string("7767517\n2 2\nInput x 0 1 x\n") + layer;
}

class Instance {
  public:
    Instance(const problem &p, bool own, int threads, const Choice &choice, size_t sets)
        : problem_(p), own_(own), data_(p, NINETAP_NCHW), src_(sets), dst_(sets) {
        set_options(net_.opt, choice, threads, &blobs_, &workspace_);
        load();
        for (size_t i = 0; i < sets; i++) {
            prepare_set(i, choice.packing);
        }
        if (!run(0)) {
            throw std::runtime_error("ncnn cannot run it");
        }
        kernel_ = choice.packing > 1 ? "pack" + std::to_string(choice.packing) : "nchw";
        if (choice.winograd > 0) {
            kernel_ += " winograd" + std::to_string(choice.winograd);
        } else if (choice.winograd == 0) {
            kernel_ += " no winograd";
        }
    }

    const char *kernel() const {
        return kernel_.c_str();
    }

    bool run(size_t set) {
        for (size_t n = 0; n < src_[set].size(); n++) {
            if (!aligned_ && !own_) {
                copy(image(data_.src(set), n, src_plane()), src_[set][n]);
            }
            ncnn::Extractor extractor = net_.create_extractor();
            dst_[set][n].release();
            if (extractor.input("x", src_[set][n]) != 0 ||
                extractor.extract("y", dst_[set][n], own_ ? 1 : 0) != 0) {
                return false;
            }
        }
        return true;
    }

    bool fetch() {
        const auto pixels = static_cast<size_t>(problem_.oh * problem_.ow);
        const auto channels = static_cast<int>(problem_.shape.oc);
        for (size_t n = 0; n < dst_[0].size(); n++) {
            ncnn::Mat plain = dst_[0][n];
            if (plain.elempack != 1) {
                ncnn::convert_packing(dst_[0][n], plain, 1, net_.opt);
            }
            if (plain.w != problem_.ow || plain.h != problem_.oh || plain.c != channels) {
                return false;
            }
            float *to = data_.dst(0) + n * pixels * static_cast<size_t>(channels);
            for (int c = 0; c < channels; c++, to += pixels) {
                memcpy(to, plain.channel(c), pixels * sizeof(float));
            }
        }
        data_.fetch();
        return true;
    }

  private:
    size_t src_plane() const {
        return static_cast<size_t>(problem_.shape.h * problem_.shape.w);
    }

    float *image(float *data, size_t n, size_t plane) const {
        return data + n * plane * static_cast<size_t>(problem_.shape.c);
    }

    void load() {
        if (net_.load_param_mem(network(problem_).c_str()) != 0) {
            throw std::runtime_error("ncnn does not take the network");
        }
        // The weights behind a word that says they are floats, then the bias.
        weights_.assign(1, 0.0F);
        weights_.insert(weights_.end(), problem_.weights,
                        problem_.weights + problem_.weights_count);
        weights_.insert(weights_.end(), problem_.bias, problem_.bias + problem_.bias_count);
        const size_t bytes = problem_.shape.pooling ? 0 : weights_.size() * sizeof(float);
        const auto *from = reinterpret_cast<const unsigned char *>(weights_.data());
        if (net_.load_model(from) != static_cast<int>(bytes)) {
            throw std::runtime_error("ncnn does not take the weights");
        }
    }

    void copy(const float *from, ncnn::Mat &to) const {
        const size_t plane = src_plane();
        for (int c = 0; c < to.c; c++, from += plane) {
            memcpy(to.channel(c), from, plane * sizeof(float));
        }
    }

    void prepare_set(size_t set, int packing) {
        const auto &s = problem_.shape;
        const int w = static_cast<int>(s.w), h = static_cast<int>(s.h), c = static_cast<int>(s.c);
        for (size_t n = 0; n < static_cast<size_t>(s.n); n++) {
            float *data = image(data_.src(set), n, src_plane());
            const ncnn::Mat there(w, h, c, data);
            aligned_ = there.cstep == src_plane();
            ncnn::Mat tensor = aligned_ ? there : ncnn::Mat(w, h, c);
            if (!aligned_) {
                copy(data, tensor);
            }
            if (own_ && packing > 1) {
                ncnn::Mat packed;
                ncnn::convert_packing(tensor, packed, packing, net_.opt);
                tensor = packed;
            }
            if (tensor.empty()) {
                throw std::bad_alloc();
            }
            src_[set].push_back(tensor);
        }
        dst_[set].resize(src_[set].size());
    }

    const problem &problem_;
    std::string kernel_;
    bool own_, aligned_ = false; // aligned: its planes can be used where they are
    OwnedTensors data_;
    ncnn::PoolAllocator blobs_, workspace_; // outlive the tensors and the network
    std::vector<float> weights_;            // referred to by the network
    ncnn::Net net_;
    std::vector<std::vector<ncnn::Mat>> src_, dst_; // of each set, of each image
};

std::vector<Choice> choices(const problem &p, bool own) {
    std::vector<Choice> all;
    for (const int packing : {1, 4, 8, 16}) {
        if (packing > 1 && (!own || p.shape.c % packing != 0)) {
            continue;
        }
        const bool winograd =
            !p.shape.pooling && p.shape.groups == 1 && p.shape.stride == 1 && p.shape.dilation == 1;
        all.push_back({-1, packing});
        for (const int tile : {0, 2, 4, 6}) {
            if (winograd) {
                all.push_back({tile, packing});
            }
        }
    }
    return all;
}

void version(char *text, size_t size) {
    snprintf(text, size, "ncnn %s", NCNN_VERSION_STRING);
}

void *create(const problem *p, bool own, int threads, char *why, size_t size) {
    if (!own && p->layout != NINETAP_NCHW) {
        snprintf(why, size, "ncnn's layout is nchw");
        return nullptr;
    }
    if (p->shape.pooling && p->shape.dilation != 1) {
        snprintf(why, size, "ncnn's pooling has no dilation");
        return nullptr;
    }
    const auto make = [p, own, threads](const Choice &choice) {
        return std::unique_ptr<Instance>(new Instance(*p, own, threads, choice, 1));
    };
    return Adapter<Instance>::create(why, size, *p, own, threads,
                                     fastest(choices(*p, own), Choice{-1, 1}, make), p->sets);
}

} // namespace

extern "C" const peer peer_ncnn = Adapter<Instance>::make("ncnn", version, create, 0);
