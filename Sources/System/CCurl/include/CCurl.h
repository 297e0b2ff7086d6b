/* libcurl, opened with dlopen on first use: linking it would add 5 ms to every start of the program.
   Each function is libcurl's of the same name without the prefix `c`; variadic ones are split by the type of the
   argument. `ccurl_load` must have answered null before any other is called. */
#pragma once
#include <curl/curl.h>
#include <stddef.h>

/* Opens the library, once, and starts it. Null, or why it cannot be used (a static text). Any thread. */
const char *ccurl_load(void);
const char *ccurl_version(void);

CURL *ccurl_easy_init(void);
void ccurl_easy_cleanup(CURL *easy);
CURLcode ccurl_easy_pause(CURL *easy, int bits);
const char *ccurl_easy_strerror(CURLcode code);

typedef size_t (*ccurl_data_callback)(char *data, size_t size, size_t count, void *context);
typedef int (*ccurl_seek_callback)(void *context, curl_off_t offset, int origin);
CURLcode ccurl_set_long(CURL *easy, CURLoption option, long value);
CURLcode ccurl_set_size(CURL *easy, CURLoption option, curl_off_t value);
CURLcode ccurl_set_text(CURL *easy, CURLoption option, const char *value);
CURLcode ccurl_set_pointer(CURL *easy, CURLoption option, void *value);
CURLcode ccurl_set_data_callback(CURL *easy, CURLoption option, ccurl_data_callback value);
CURLcode ccurl_set_seek_callback(CURL *easy, ccurl_seek_callback value);
long ccurl_get_long(CURL *easy, CURLINFO info);
void *ccurl_get_private(CURL *easy);

/* Adds a copy of `line`; null (and the list untouched) when out of memory. */
struct curl_slist *ccurl_slist_append(struct curl_slist *list, const char *line);
void ccurl_slist_free_all(struct curl_slist *list);

CURLM *ccurl_multi_init(void);
void ccurl_multi_cleanup(CURLM *multi);
void ccurl_multi_set_long(CURLM *multi, CURLMoption option, long value);
CURLMcode ccurl_multi_add_handle(CURLM *multi, CURL *easy);
CURLMcode ccurl_multi_remove_handle(CURLM *multi, CURL *easy);
CURLMcode ccurl_multi_perform(CURLM *multi, int *running);
CURLMcode ccurl_multi_poll(CURLM *multi, int timeout_ms);
/* The only call on a multi handle that another thread may make. */
CURLMcode ccurl_multi_wakeup(CURLM *multi);
/* The next transfer that has ended, and how; null when there is none. */
CURL *ccurl_multi_next_done(CURLM *multi, CURLcode *result);
