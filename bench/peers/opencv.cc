// OpenCV's image processing: filter2D, a correlation, on images of one channel. `delta` is the
// bias; the border outside a whole image is zero under BORDER_CONSTANT, and outside a part of an
// image, what the image has there; ReLU is a second pass. In OpenCV 4.6 it runs on one thread.
#include <opencv2/core.hpp>
#include <opencv2/core/utility.hpp>
#include <opencv2/imgproc.hpp>

#include "peers/adapter.h"

namespace {

class Instance : public runner {
  public:
    Instance(const problem &p, bool, int threads)
        : problem_(p), filter_(3, 3, CV_32F, p.weights), threads_(threads) {
        const auto &s = p.shape;
        if (s.pooling || s.c != 1 || s.oc != 1 || s.stride != 1 || s.dilation != 1 || s.pad > 1) {
            throw std::runtime_error(
                "OpenCV's filter2D is for one filter on images of one channel");
        }
        run(0);
    }

    bool run(size_t set) final {
        const problem &p = problem_;
        const int h = static_cast<int>(p.shape.h), w = static_cast<int>(p.shape.w),
                  oh = static_cast<int>(p.oh), ow = static_cast<int>(p.ow), inset = 1 - p.shape.pad;
        if (cv::getNumThreads() != threads_) {
            cv::setNumThreads(threads_); // of the whole library
        }
        for (int n = 0; n < p.shape.n; n++) {
            const cv::Mat image(h, w, CV_32F, p.src[set] + ptrdiff_t{n} * h * w);
            cv::Mat result(oh, ow, CV_32F, p.dst[set] + ptrdiff_t{n} * oh * ow);
            cv::filter2D(image(cv::Rect(inset, inset, ow, oh)), result, CV_32F, filter_,
                         cv::Point(-1, -1), static_cast<double>(p.bias[0]), cv::BORDER_CONSTANT);
            cv::threshold(result, result, 0, 0, cv::THRESH_TOZERO);
        }
        return true;
    }

    const char *kernel() const override {
        return "filter2D";
    }
    static std::string version() {
        return "OpenCV " + cv::getVersionString();
    }

  private:
    const problem &problem_;
    cv::Mat filter_;
    int threads_;
};

} // namespace

extern const peer peer_opencv = make_peer<Instance>("opencv");
