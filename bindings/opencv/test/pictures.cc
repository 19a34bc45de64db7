// Filters pictures by OpenCV, in every way that could end in libninetap_opencv: a line for each,
// with a checksum of all bytes. With an argument: of 1080p, with the least time of some runs.
// compare.sh runs it with and without the library.
#include <chrono>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace {

int runs = 1;

// FNV-1a of the rows, and of what lies around them.
unsigned long long checksum(const cv::Mat &m) {
    cv::Size whole;
    cv::Point at;
    m.locateROI(whole, at);
    cv::Mat all = m;
    all.adjustROI(at.y, whole.height, at.x, whole.width);
    unsigned long long sum = 14695981039346656037ULL;
    for (int y = 0; y < all.rows; y++) {
        const auto *row = all.ptr<unsigned char>(y);
        for (size_t i = 0; i < size_t(all.cols) * all.elemSize(); i++) {
            sum = (sum ^ row[i]) * 1099511628211ULL;
        }
    }
    return sum;
}

void report(const std::string &name, const std::function<void()> &run, const cv::Mat &result) {
    double least = 1e9;
    for (int i = 0; i < runs; i++) {
        const auto start = std::chrono::steady_clock::now();
        run();
        const std::chrono::duration<double, std::milli> time =
            std::chrono::steady_clock::now() - start;
        least = std::min(least, time.count());
    }
    std::printf("%-44s %016llx", name.c_str(), checksum(result));
    if (runs > 1) {
        std::printf(" %9.4f ms", least);
    }
    std::printf("\n");
}

cv::Mat noise(cv::Size size, int type, int seed) {
    cv::Mat m(size, type);
    cv::RNG rng(static_cast<uint64_t>(seed));
    rng.fill(m, cv::RNG::UNIFORM, 0, 256);
    return m;
}

struct Kernel {
    const char *name;
    cv::Mat taps;
    double delta;
};

std::vector<Kernel> kernels() {
    const auto k = [](std::initializer_list<float> taps) {
        return cv::Mat(std::vector<float>(taps), true).reshape(1, int(taps.size()) / 3);
    };
    std::vector<Kernel> list = {
        {"edge", k({-1, -1, -1, -1, 8, -1, -1, -1, -1}), 0},
        {"sharpen", k({0, -1, 0, -1, 5, -1, 0, -1, 0}), 0},
        {"emboss", k({-2, -1, 0, -1, 1, 1, 0, 1, 2}), 128},
        {"large", k({-1000, 900, 3, 77, 1234, -999, 5, 6, -700}), -3},
        {"eighths",
         k({1 / 16.F, 2 / 16.F, 1 / 16.F, 2 / 16.F, 4 / 16.F, 2 / 16.F, 1 / 16.F, 2 / 16.F,
            1 / 16.F}),
         0.5},
        {"row", k({-1, 0, 1}), 0},
        {"ninths", cv::Mat(3, 3, CV_32F, cv::Scalar(1 / 9.F)), 0},
        {"five", cv::Mat::ones(5, 5, CV_32F), 0},
    };
    cv::Mat bytes, doubles;
    list[0].taps.convertTo(bytes, CV_8S);
    list[1].taps.convertTo(doubles, CV_64F);
    list.push_back({"doubles", doubles, 7});
    return list;
}

const struct {
    const char *name;
    int border;
} borders[] = {{"constant", cv::BORDER_CONSTANT},
               {"replicate", cv::BORDER_REPLICATE},
               {"reflect", cv::BORDER_REFLECT},
               {"reflect101", cv::BORDER_REFLECT_101},
               {"isolated", cv::BORDER_REFLECT_101 | cv::BORDER_ISOLATED}};

void all(const cv::Mat &picture, const std::string &what) {
    cv::Mat out;
    for (const auto &b : borders) {
        for (const auto &k : kernels()) {
            for (const int depth : {CV_8U, CV_16S, CV_32F}) {
                out.release();
                report(
                    what + " " + k.name + " " + b.name + " to " + std::to_string(depth),
                    [&] {
                        cv::filter2D(picture, out, depth, k.taps, {-1, -1}, k.delta, b.border);
                    },
                    out);
            }
        }
        const std::string end = std::string(" ") + b.name;
        report(
            what + " Sobel x" + end,
            [&] { cv::Sobel(picture, out, CV_16S, 1, 0, 3, 1, 0, b.border); }, out);
        report(
            what + " Sobel y" + end,
            [&] { cv::Sobel(picture, out, CV_16S, 0, 1, 3, 1, 0, b.border); }, out);
        report(
            what + " Sobel y, bytes" + end,
            [&] { cv::Sobel(picture, out, CV_8U, 0, 1, 3, 1, 128, b.border); }, out);
        report(
            what + " Sobel x, half" + end,
            [&] { cv::Sobel(picture, out, CV_16S, 1, 0, 3, 0.5, 0, b.border); }, out);
        report(
            what + " Sobel of 1x3" + end,
            [&] { cv::Sobel(picture, out, CV_16S, 1, 0, 1, 1, 0, b.border); }, out);
        report(
            what + " Scharr" + end, [&] { cv::Scharr(picture, out, CV_16S, 1, 0, 1, 0, b.border); },
            out);
        report(
            what + " Laplacian" + end,
            [&] { cv::Laplacian(picture, out, CV_16S, 1, 1, 0, b.border); }, out);
        report(
            what + " Laplacian of 3x3" + end,
            [&] { cv::Laplacian(picture, out, CV_8U, 3, 1, 0, b.border); }, out);
        report(
            what + " sepFilter2D" + end,
            [&] {
                cv::sepFilter2D(picture, out, CV_8U, cv::Matx13f(1, 2, 1), cv::Matx13f(-1, 0, 1),
                                {-1, -1}, 100, b.border);
            },
            out);
        report(
            what + " sepFilter2D, quarters" + end,
            [&] {
                cv::sepFilter2D(picture, out, CV_8U, cv::Matx13f(0.25F, 0.5F, 0.25F),
                                cv::Matx13f(0.25F, 0.5F, 0.25F), {-1, -1}, 0, b.border);
            },
            out);
        report(
            what + " GaussianBlur" + end,
            [&] {
                cv::GaussianBlur(picture, out, {3, 3}, 0, 0, b.border & ~cv::BORDER_ISOLATED);
            },
            out);
    }
}

} // namespace

int main(int argc, char **) {
    runs = argc > 1 ? 20 : 1;
    cv::setNumThreads(1);
    const std::vector<cv::Size> sizes =
        runs > 1 ? std::vector<cv::Size>{{1920, 1080}}
                 : std::vector<cv::Size>{{64, 48}, {33, 7}, {2, 2}, {1, 5}, {5, 1}, {301, 97}};
    int seed = 0;
    for (const auto &size : sizes) {
        for (int channels = 1; channels <= 4; channels++) {
            const cv::Mat whole = noise(size, CV_8UC(channels), seed++);
            const std::string what = std::to_string(size.width) + "x" +
                                     std::to_string(size.height) + "x" + std::to_string(channels);
            all(whole, what);
            if (runs == 1 && size.width > 30) {
                all(whole(cv::Rect(3, 1, size.width - 9, size.height - 3)), what + " part");
                cv::Mat own = whole.clone();
                report(
                    what + " in place", [&] { cv::filter2D(own, own, CV_8U, kernels()[0].taps); },
                    own);
                cv::Mat large = whole.clone();
                cv::Mat part = large(cv::Rect(2, 2, size.width - 4, size.height - 4));
                cv::Mat shifted = large(cv::Rect(0, 1, size.width - 4, size.height - 4));
                report(
                    what + " over itself",
                    [&] { cv::filter2D(part, shifted, CV_8U, kernels()[1].taps); }, shifted);
            }
        }
        cv::Mat floats;
        noise(size, CV_8UC1, seed++).convertTo(floats, CV_32F);
        cv::Mat out;
        report(
            "floats", [&] { cv::filter2D(floats, out, CV_32F, kernels()[0].taps); }, out);
    }
    return 0;
}
