// A filter as OpenCV describes it, as a ninetap_filter3x3. Both ways into OpenCV use this file:
// preload.cc and ninetap_hal.hpp.
//
// By default a filter is taken where OpenCV's bytes are certain: bytes in, coefficients that are
// integers times a power of two, and every partial sum small enough for OpenCV's floats to hold it.
// NINETAP_OPENCV=off takes none. NINETAP_OPENCV=all takes floats and other coefficients, too; their
// sums are rounded in another order than OpenCV's, so the last bit may differ.
#ifndef NINETAP_OPENCV_FILTER_HPP
#define NINETAP_OPENCV_FILTER_HPP

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include <opencv2/core.hpp>
#include <opencv2/core/utility.hpp>

#include <ninetap.h>

namespace ninetap_opencv {

// An image, and where it lies in the one whose pixels OpenCV lets a filter read.
struct Region {
    const void *src;
    std::size_t src_step; // bytes
    void *dst;
    std::size_t dst_step;
    int width, height, full_width, full_height, offset_x, offset_y;
};

enum class Accept { none, exact, all };

inline Accept accept() {
    static const Accept chosen = [] {
        const char *text = std::getenv("NINETAP_OPENCV");
        if (text != nullptr && std::strcmp(text, "off") == 0) {
            return Accept::none;
        }
        return text != nullptr && std::strcmp(text, "all") == 0 ? Accept::all : Accept::exact;
    }();
    return chosen;
}

class Filter {
  public:
    // The coefficients of a kernel of up to 3x3, `step` bytes from row to row.
    bool set_kernel(const void *data, std::size_t step, int type, int width, int height,
                    int anchor_x, int anchor_y) {
        // Where the kernel's first coefficient lies in a window of 3x3 about the pixel.
        const int left = 1 - anchor_x, top = 1 - anchor_y;
        if (left < 0 || top < 0 || left + width > 3 || top + height > 3) {
            return false;
        }
        for (int y = 0; y < height; y++) {
            const auto *row = static_cast<const unsigned char *>(data) + step * std::size_t(y);
            for (int x = 0; x < width; x++) {
                double value = 0;
                if (!read(row, type, x, &value) || double(float(value)) != value) {
                    return false;
                }
                kernel_[(top + y) * 3 + left + x] = float(value);
            }
        }
        return true;
    }

    // The outer product of a column and a row of up to 3 coefficients. OpenCV takes bytes through
    // fixed-point numbers where these are not integers.
    bool set_kernel(const void *x, int width, const void *y, int height, int type, int anchor_x,
                    int anchor_y) {
        Filter row, column;
        if (!row.set_kernel(x, 0, type, width, 1, anchor_x, 0) ||
            !column.set_kernel(y, std::size_t(CV_ELEM_SIZE(type)), type, 1, height, 0, anchor_y)) {
            return false;
        }
        for (int i = 0; i < 9; i++) {
            const float a = column.kernel_[i / 3 * 3 + 1], b = row.kernel_[3 + i % 3];
            kernel_[i] = a * b;
            if (accept() != Accept::all && (a != std::rint(a) || b != std::rint(b))) {
                return false;
            }
        }
        return true;
    }

    // The rest. False: ninetap has no such filter, or OpenCV's bytes are not certain.
    bool set(int src_type, int dst_type, double delta, int border) {
        channels_ = CV_MAT_CN(src_type);
        delta_ = float(delta);
        if (accept() == Accept::none || channels_ > 4 || CV_MAT_CN(dst_type) != channels_ ||
            double(delta_) != delta || !set_types(CV_MAT_DEPTH(src_type), CV_MAT_DEPTH(dst_type)) ||
            !set_border(border & ~cv::BORDER_ISOLATED)) {
            return false;
        }
        return accept() == Accept::all || (src_ == NINETAP_U8 && is_exact());
    }

    // False: nothing was written.
    bool run(const Region &r) const {
        ninetap_filter3x3_desc d{};
        d.n = 1;
        d.ih = r.height;
        d.iw = r.width;
        d.channels = channels_;
        d.src_type = src_;
        d.dst_type = dst_;
        d.border = border_;
        d.margin[0] = r.offset_y;
        d.margin[1] = r.offset_x;
        d.margin[2] = r.full_height - r.offset_y - r.height;
        d.margin[3] = r.full_width - r.offset_x - r.width;
        d.delta = delta_;
        d.threads = cv::getNumThreads() == 1 ? 1 : 0;
        d.src_pitch[1] = std::int64_t(r.src_step);
        d.dst_pitch[1] = std::int64_t(r.dst_step);
        return ninetap_filter3x3(&d, kernel_, r.src, r.dst) == NINETAP_OK;
    }

  private:
    float kernel_[9] = {};
    float delta_ = 0;
    int channels_ = 0;
    ninetap_dtype src_ = NINETAP_F32, dst_ = NINETAP_F32;
    ninetap_border border_ = NINETAP_BORDER_ZERO;

    template <typename T> static double element(const unsigned char *row, int i) {
        T value;
        std::memcpy(&value, row + sizeof value * std::size_t(i), sizeof value);
        return double(value);
    }

    static bool read(const unsigned char *row, int type, int i, double *value) {
        switch (type) {
        case CV_8U:
            *value = element<unsigned char>(row, i);
            return true;
        case CV_8S:
            *value = element<signed char>(row, i);
            return true;
        case CV_16S:
            *value = element<short>(row, i);
            return true;
        case CV_32S:
            *value = element<int>(row, i);
            return true;
        case CV_32F:
            *value = double(element<float>(row, i));
            return true;
        case CV_64F:
            *value = element<double>(row, i);
            return true;
        default:
            return false;
        }
    }

    bool set_types(int src, int dst) {
        src_ = src == CV_8U ? NINETAP_U8 : NINETAP_F32;
        dst_ = dst == CV_8U ? NINETAP_U8 : dst == CV_16S ? NINETAP_S16 : NINETAP_F32;
        return src == CV_8U ? dst == CV_8U || dst == CV_16S || dst == CV_32F
                            : src == CV_32F && dst == CV_32F;
    }

    bool set_border(int border) {
        switch (border) {
        case cv::BORDER_CONSTANT: // of zeros
            border_ = NINETAP_BORDER_ZERO;
            return true;
        case cv::BORDER_REPLICATE:
        case cv::BORDER_REFLECT: // the same, one pixel beyond the image
            border_ = NINETAP_BORDER_REPLICATE;
            return true;
        case cv::BORDER_REFLECT_101:
            border_ = NINETAP_BORDER_REFLECT101;
            return true;
        default:
            return false;
        }
    }

    // Whether floats hold every partial sum, in whatever order: all are integers times one power of
    // two, below 2^24.
    bool is_exact() const {
        for (int shift = 0; shift <= 8; shift++) {
            const double unit = std::ldexp(1.0, -shift);
            double most = std::fabs(double(delta_)) / unit;
            bool whole = most == std::rint(most);
            for (const float k : kernel_) {
                const double integer = double(k) / unit;
                whole = whole && integer == std::rint(integer);
                most += std::fabs(integer) * 255;
            }
            if (whole) {
                return most < 16777216;
            }
        }
        return false;
    }
};

} // namespace ninetap_opencv

#endif
