/* XXH3 compiled for AVX2, whatever the rest is compiled for; CXXHash.c asks the processor before it calls this. */
#if defined(__x86_64__) && defined(__OPTIMIZE__)
#include <immintrin.h>
#include <limits.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#define XXH_INLINE_ALL
#define XXH_VECTOR 2 /* XXH_AVX2 */
#include <xxhash.h>

XXH128_hash_t avx2_xxh3_128(const void *data, size_t count);
void avx2_xxh3_128_update(void *state, const void *data, size_t count);

XXH128_hash_t avx2_xxh3_128(const void *data, size_t count) { return XXH3_128bits(data, count); }

void avx2_xxh3_128_update(void *state, const void *data, size_t count) {
    XXH3_128bits_update((XXH3_state_t *)state, data, count);
}
#pragma clang attribute pop
#endif
