#include "CXXHash.h"

#if defined(__x86_64__) && defined(__OPTIMIZE__)
XXH128_hash_t avx2_xxh3_128(const void *data, size_t count);
void avx2_xxh3_128_update(void *state, const void *data, size_t count);
#define HAS_AVX2 __builtin_cpu_supports("avx2")
#else
#define HAS_AVX2 0
#define avx2_xxh3_128(data, count) XXH3_128bits(data, count)
#define avx2_xxh3_128_update(state, data, count) XXH3_128bits_update(state, data, count)
#endif

XXH128_hash_t wide_xxh3_128(const void *data, size_t count) {
    return HAS_AVX2 ? avx2_xxh3_128(data, count) : XXH3_128bits(data, count);
}

void wide_xxh3_128_update(XXH3_state_t *state, const void *data, size_t count) {
    if (HAS_AVX2) {
        avx2_xxh3_128_update(state, data, count);
    } else {
        XXH3_128bits_update(state, data, count);
    }
}
