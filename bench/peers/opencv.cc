// OpenCV's image processing: filters of interleaved channels. What has a function of its own is
// asked of that one, anything else of filter2D, a correlation as here.
#include <opencv2/core.hpp>
#include <opencv2/core/utility.hpp>
#include <opencv2/imgproc.hpp>

#include "peers/adapter.h"

extern "C" {
#include "selftest/filter3x3.h"
}

namespace {

class Instance : public runner {
  public:
    Instance(const problem &p, bool, int threads) : problem_(p), threads_(threads) {
        const shape_filter *f = p.shape.filter;
        if (f == nullptr || f->pooled || f->op != FILTER_PLAIN) {
            throw std::runtime_error(f == nullptr ? "image filters only" : "no such filter");
        }
        float transposed[9];
        nt_filter_coefficients(reinterpret_cast<const filter_problem *>(&p.asked), weights_,
                               transposed);
        run(0);
    }

    bool run(size_t set) final {
        const shape &s = problem_.shape;
        const auto rows = static_cast<int>(s.h), columns = static_cast<int>(s.w);
        if (cv::getNumThreads() != threads_) {
            cv::setNumThreads(threads_); // of the whole library
        }
        const size_t values = static_cast<size_t>(s.c * s.h * s.w);
        for (size_t n = 0; n < static_cast<size_t>(s.n); n++) {
            const auto image = [&](float *data, ninetap_dtype of) {
                const int type = CV_MAKETYPE(depth(of), static_cast<int>(s.c));
                return cv::Mat(rows, columns, type,
                               reinterpret_cast<char *>(data) + n * values * CV_ELEM_SIZE1(type));
            };
            filter(image(problem_.src[set], s.filter->src),
                   image(problem_.dst[set], s.filter->dst));
        }
        return true;
    }

    const char *kernel() const override {
        switch (problem_.shape.filter->filter) {
        case FILTER_SOBEL:
            return "Sobel";
        case FILTER_GAUSS:
            return "GaussianBlur";
        case FILTER_BOX:
            return "blur";
        case FILTER_LAPLACE:
            return "Laplacian";
        default:
            return "filter2D";
        }
    }
    static std::string version() {
        return "OpenCV " + cv::getVersionString();
    }

  private:
    static int depth(ninetap_dtype type) {
        return type == NINETAP_U8 ? CV_8U : type == NINETAP_S16 ? CV_16S : CV_32F;
    }

    void filter(const cv::Mat &src, cv::Mat dst) const {
        const int border = cv::BORDER_REFLECT_101;
        switch (problem_.shape.filter->filter) {
        case FILTER_SOBEL:
            return cv::Sobel(src, dst, dst.depth(), 1, 0, 3, 1, 0, border);
        case FILTER_GAUSS:
            return cv::GaussianBlur(src, dst, {3, 3}, 0, 0, border);
        case FILTER_BOX:
            return cv::blur(src, dst, {3, 3}, {-1, -1}, border);
        case FILTER_LAPLACE:
            return cv::Laplacian(src, dst, dst.depth(), 1, 1, 0, border);
        default:
            return cv::filter2D(src, dst, dst.depth(), kernel_, {-1, -1}, 0, border);
        }
    }

    const problem &problem_;
    float weights_[9];
    cv::Mat kernel_{3, 3, CV_32F, weights_};
    int threads_;
};

} // namespace

extern const peer peer_opencv = make_peer<Instance>("opencv", PEER_FILTER);
