// OpenCV's image processing: filter2D, a correlation, on images of one channel. `delta` is the
// bias; the border outside a whole image is zero under BORDER_CONSTANT, and outside a part of an
// image, what the image has there; ReLU is a second pass. In OpenCV 4.6 it runs on one thread.
#include <cstdio>
#include <memory>

#include <opencv2/core.hpp>
#include <opencv2/core/utility.hpp>
#include <opencv2/imgproc.hpp>

#include "peers/peer.h"

namespace {

struct Instance {
    const problem *p;
    cv::Mat filter;
    int threads;
};

void version(char *text, size_t size) {
    snprintf(text, size, "OpenCV %s", cv::getVersionString().c_str());
}

bool run(void *user, size_t set) {
    const auto &instance = *static_cast<const Instance *>(user);
    const problem &p = *instance.p;
    const int h = static_cast<int>(p.shape.h), w = static_cast<int>(p.shape.w),
              oh = static_cast<int>(p.oh), ow = static_cast<int>(p.ow), inset = 1 - p.shape.pad;
    try {
        if (cv::getNumThreads() != instance.threads) {
            cv::setNumThreads(instance.threads); // of the whole library
        }
        for (int n = 0; n < p.shape.n; n++) {
            const cv::Mat image(h, w, CV_32F, p.src[set] + ptrdiff_t{n} * h * w);
            cv::Mat result(oh, ow, CV_32F, p.dst[set] + ptrdiff_t{n} * oh * ow);
            cv::filter2D(image(cv::Rect(inset, inset, ow, oh)), result, CV_32F, instance.filter,
                         cv::Point(-1, -1), static_cast<double>(p.bias[0]), cv::BORDER_CONSTANT);
            cv::threshold(result, result, 0, 0, cv::THRESH_TOZERO);
        }
        return true;
    } catch (const cv::Exception &) {
        return false;
    }
}

void *create(const problem *p, bool, int threads, char *why, size_t size) {
    const auto &s = p->shape;
    if (s.pooling || s.c != 1 || s.oc != 1 || s.stride != 1 || s.dilation != 1 || s.pad > 1) {
        snprintf(why, size, "OpenCV's filter2D is for one filter on images of one channel");
        return nullptr;
    }
    try {
        std::unique_ptr<Instance> instance(
            new Instance{p, cv::Mat(3, 3, CV_32F, p->weights).clone(), threads});
        if (run(instance.get(), 0)) {
            return instance.release();
        }
        snprintf(why, size, "OpenCV's filter2D failed");
    } catch (const std::exception &e) {
        snprintf(why, size, "%s", e.what());
    }
    return nullptr;
}

bool fetch(void *) {
    return true; // the layouts are all the same one with one channel
}

const char *kernel(const void *) {
    return "filter2D";
}

void destroy(void *user) {
    delete static_cast<Instance *>(user);
}

} // namespace

extern "C" const peer peer_opencv = {"opencv", version, create, run, fetch, kernel, destroy, 0};
