// OpenCV's neural networks: NCHW. The layer objects are driven directly, with the problem's memory
// as their input and output: a cv::dnn::Net would copy its input and add some microseconds.
#include <opencv2/core.hpp>
#include <opencv2/core/utility.hpp>
#include <opencv2/dnn.hpp>
#include <opencv2/dnn/all_layers.hpp>

#include "peers/adapter.h"

namespace {

using Mats = std::vector<cv::Mat>;

class Instance : public OneLayout {
  public:
    Instance(const problem &p, bool own, int threads)
        : OneLayout(p, own, NINETAP_NCHW), threads_(threads) {
        set_threads();
        const auto &s = p.shape;
        layer_ = s.pooling ? pooling() : convolution();
        const std::vector<int> src = dims(s.n, s.c, s.h, s.w), dst = dims(s.n, s.oc, p.oh, p.ow);
        for (size_t i = 0; i < p.sets; i++) {
            src_.push_back({cv::Mat(src, CV_32F, this->src(i))});
            dst_.push_back({cv::Mat(dst, CV_32F, this->dst(i))});
        }
        std::vector<std::vector<int>> outputs, internals;
        layer_->getMemoryShapes({src}, 1, outputs, internals);
        if (outputs.empty() || outputs[0] != dst) {
            throw std::runtime_error("OpenCV makes an output of another size");
        }
        for (const auto &internal : internals) {
            internals_.emplace_back(internal, CV_32F);
        }
        layer_->finalize(cv::InputArrayOfArrays(src_[0]), cv::OutputArrayOfArrays(dst_[0]));
        run(0);
    }

    bool run(size_t set) final {
        set_threads();
        layer_->forward(cv::InputArrayOfArrays(src_[set]), cv::OutputArrayOfArrays(dst_[set]),
                        cv::OutputArrayOfArrays(internals_));
        return true;
    }

    static std::string version() {
        return "OpenCV " + cv::getVersionString();
    }

  private:
    static std::vector<int> dims(int64_t n, int64_t c, int64_t h, int64_t w) {
        return {static_cast<int>(n), static_cast<int>(c), static_cast<int>(h), static_cast<int>(w)};
    }

    // Of the whole library: the other instances have theirs.
    void set_threads() const {
        if (cv::getNumThreads() != threads_) {
            cv::setNumThreads(threads_);
        }
    }

    cv::dnn::LayerParams window(int size) const {
        cv::dnn::LayerParams params;
        params.set("kernel_size", size);
        params.set("stride", problem_.shape.stride);
        params.set("pad", problem_.shape.pad);
        return params;
    }

    cv::Ptr<cv::dnn::Layer> convolution() const {
        const auto &s = problem_.shape;
        cv::dnn::LayerParams params = window(3);
        params.set("num_output", static_cast<int>(s.oc));
        params.set("dilation", s.dilation);
        params.set("group", static_cast<int>(s.groups));
        params.set("bias_term", true);
        params.blobs = {cv::Mat(dims(s.oc, s.c / s.groups, 3, 3), CV_32F, problem_.weights).clone(),
                        cv::Mat(1, static_cast<int>(s.oc), CV_32F, problem_.bias).clone()};
        const auto layer = cv::dnn::ConvolutionLayer::create(params);
        if (!layer->setActivation(cv::dnn::ReLULayer::create(cv::dnn::LayerParams()))) {
            throw std::runtime_error("OpenCV does not fuse ReLU");
        }
        return layer;
    }

    cv::Ptr<cv::dnn::Layer> pooling() const {
        if (problem_.shape.dilation != 1) {
            throw std::runtime_error("OpenCV's pooling has no dilation");
        }
        cv::dnn::LayerParams params = window(2);
        params.set("pool", "MAX");
        params.set("ceil_mode", false);
        const auto layer = cv::dnn::PoolingLayer::create(params);
        layer->computeMaxIdx = false;
        return layer;
    }

    int threads_;
    cv::Ptr<cv::dnn::Layer> layer_;
    std::vector<Mats> src_, dst_; // of each set, one tensor
    Mats internals_;
};

} // namespace

extern const peer peer_opencv_dnn = make_peer<Instance>("opencv-dnn");
