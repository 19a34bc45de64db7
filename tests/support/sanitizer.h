/* Which sanitizer the tests are compiled with: gcc and clang say it in different ways. */
#ifndef TESTS_SANITIZER_H
#define TESTS_SANITIZER_H

#ifndef __has_feature
#define __has_feature(name) 0
#endif

#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#define ADDRESS_SANITIZER 1
#else
#define ADDRESS_SANITIZER 0
#endif
#if defined(__SANITIZE_THREAD__) || __has_feature(thread_sanitizer)
#define THREAD_SANITIZER 1
#else
#define THREAD_SANITIZER 0
#endif
#if __has_feature(memory_sanitizer)
#define MEMORY_SANITIZER 1
#else
#define MEMORY_SANITIZER 0
#endif
#define ANY_SANITIZER (ADDRESS_SANITIZER || THREAD_SANITIZER || MEMORY_SANITIZER)

#endif
