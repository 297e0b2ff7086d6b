#include "CCurl.h"

#include <dlfcn.h>
#include <pthread.h>

#undef curl_easy_setopt
#undef curl_easy_getinfo
#undef curl_multi_setopt

#define SYMBOLS(X) \
    X(curl_global_init) X(curl_version) \
    X(curl_easy_init) X(curl_easy_cleanup) X(curl_easy_pause) X(curl_easy_strerror) \
    X(curl_easy_setopt) X(curl_easy_getinfo) X(curl_slist_append) X(curl_slist_free_all) \
    X(curl_multi_init) X(curl_multi_cleanup) X(curl_multi_setopt) X(curl_multi_add_handle) \
    X(curl_multi_remove_handle) X(curl_multi_perform) X(curl_multi_poll) X(curl_multi_wakeup) \
    X(curl_multi_info_read)

#define DECLARE(name) static __typeof__(name) *p_##name;
SYMBOLS(DECLARE)

static pthread_once_t once = PTHREAD_ONCE_INIT;
static const char *failure;

static void load(void) {
    void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        failure = "libcurl.so.4 is not installed";
        return;
    }
#define RESOLVE(name) \
    p_##name = (__typeof__(name) *)dlsym(library, #name); \
    if (!p_##name) { \
        failure = "libcurl.so.4 is too old: it has no " #name; \
        return; \
    }
    SYMBOLS(RESOLVE)
    if (p_curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) failure = "libcurl cannot start";
}

const char *ccurl_load(void) {
    pthread_once(&once, load);
    return failure;
}

const char *ccurl_version(void) { return p_curl_version(); }

CURL *ccurl_easy_init(void) { return p_curl_easy_init(); }
void ccurl_easy_cleanup(CURL *easy) { p_curl_easy_cleanup(easy); }
CURLcode ccurl_easy_pause(CURL *easy, int bits) { return p_curl_easy_pause(easy, bits); }
const char *ccurl_easy_strerror(CURLcode code) { return p_curl_easy_strerror(code); }

CURLcode ccurl_set_long(CURL *easy, CURLoption option, long value) { return p_curl_easy_setopt(easy, option, value); }
CURLcode ccurl_set_size(CURL *easy, CURLoption option, curl_off_t value) {
    return p_curl_easy_setopt(easy, option, value);
}
CURLcode ccurl_set_text(CURL *easy, CURLoption option, const char *value) {
    return p_curl_easy_setopt(easy, option, value);
}
CURLcode ccurl_set_pointer(CURL *easy, CURLoption option, void *value) {
    return p_curl_easy_setopt(easy, option, value);
}
CURLcode ccurl_set_data_callback(CURL *easy, CURLoption option, ccurl_data_callback value) {
    return p_curl_easy_setopt(easy, option, value);
}
CURLcode ccurl_set_seek_callback(CURL *easy, ccurl_seek_callback value) {
    return p_curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, value);
}
long ccurl_get_long(CURL *easy, CURLINFO info) {
    long value = 0;
    p_curl_easy_getinfo(easy, info, &value);
    return value;
}
void *ccurl_get_private(CURL *easy) {
    void *value = NULL;
    p_curl_easy_getinfo(easy, CURLINFO_PRIVATE, &value);
    return value;
}

struct curl_slist *ccurl_slist_append(struct curl_slist *list, const char *line) {
    return p_curl_slist_append(list, line);
}
void ccurl_slist_free_all(struct curl_slist *list) { p_curl_slist_free_all(list); }

CURLM *ccurl_multi_init(void) { return p_curl_multi_init(); }
void ccurl_multi_cleanup(CURLM *multi) { p_curl_multi_cleanup(multi); }
void ccurl_multi_set_long(CURLM *multi, CURLMoption option, long value) { p_curl_multi_setopt(multi, option, value); }
CURLMcode ccurl_multi_add_handle(CURLM *multi, CURL *easy) { return p_curl_multi_add_handle(multi, easy); }
CURLMcode ccurl_multi_remove_handle(CURLM *multi, CURL *easy) { return p_curl_multi_remove_handle(multi, easy); }
CURLMcode ccurl_multi_perform(CURLM *multi, int *running) { return p_curl_multi_perform(multi, running); }
CURLMcode ccurl_multi_poll(CURLM *multi, int timeout_ms) {
    return p_curl_multi_poll(multi, NULL, 0, timeout_ms, NULL);
}
CURLMcode ccurl_multi_wakeup(CURLM *multi) { return p_curl_multi_wakeup(multi); }
CURL *ccurl_multi_next_done(CURLM *multi, CURLcode *result) {
    int left;
    for (;;) {
        CURLMsg *message = p_curl_multi_info_read(multi, &left);
        if (!message) return NULL;
        if (message->msg != CURLMSG_DONE) continue;
        *result = message->data.result;
        return message->easy_handle;
    }
}
