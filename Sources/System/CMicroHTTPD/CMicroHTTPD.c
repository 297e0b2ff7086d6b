#define _GNU_SOURCE
#include "include/CMicroHTTPD.h"
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define FUNCTIONS(X)                                                                                                   \
    X(MHD_get_version)                                                                                                 \
    X(MHD_start_daemon)                                                                                                \
    X(MHD_quiesce_daemon)                                                                                              \
    X(MHD_stop_daemon)                                                                                                 \
    X(MHD_get_connection_values_n)                                                                                     \
    X(MHD_get_connection_info)                                                                                         \
    X(MHD_suspend_connection)                                                                                          \
    X(MHD_resume_connection)                                                                                           \
    X(MHD_create_response_from_buffer)                                                                                 \
    X(MHD_create_response_from_callback)                                                                               \
    X(MHD_create_response_from_fd_at_offset64)                                                                         \
    X(MHD_add_response_header)                                                                                         \
    X(MHD_queue_response)                                                                                              \
    X(MHD_destroy_response)

#define MEMBER(name) __typeof__(&name) name;
static struct {
    FUNCTIONS(MEMBER)
} library;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char load_problem[512];

static void load(void) {
    void *handle = dlopen("libmicrohttpd.so.12", RTLD_NOW | RTLD_LOCAL);
    if (!handle) {
        snprintf(load_problem, sizeof load_problem, "%s", dlerror());
        return;
    }
#define RESOLVE(name)                                                                                                  \
    library.name = (__typeof__(&name))dlsym(handle, #name);                                                            \
    if (!library.name) {                                                                                               \
        snprintf(load_problem, sizeof load_problem, "libmicrohttpd has no " #name);                                    \
        return;                                                                                                        \
    }
    FUNCTIONS(RESOLVE)
}

const char *mhd_load(void) {
    pthread_once(&once, load);
    return load_problem[0] ? load_problem : NULL;
}

const char *mhd_version(void) { return library.MHD_get_version(); }

/* Listening */

static int try_listen(const struct addrinfo *address, int backlog, uint16_t *bound_port) {
    int descriptor = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0) return -1;
    int on = 1;
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    struct sockaddr_storage bound;
    socklen_t size = sizeof bound;
    if (bind(descriptor, address->ai_addr, address->ai_addrlen) == 0 && listen(descriptor, backlog) == 0 &&
        getsockname(descriptor, (struct sockaddr *)&bound, &size) == 0) {
        *bound_port = ntohs(bound.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&bound)->sin6_port
                                                        : ((struct sockaddr_in *)&bound)->sin_port);
        return descriptor;
    }
    int error = errno;
    close(descriptor);
    errno = error;
    return -1;
}

int mhd_listen(const char *host, uint16_t port, int backlog, uint16_t *bound_port, const char **problem) {
    char service[8];
    snprintf(service, sizeof service, "%u", (unsigned)port);
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
    struct addrinfo *addresses = NULL;
    int code = getaddrinfo(host, service, &hints, &addresses);
    if (code != 0) {
        *problem = code == EAI_SYSTEM ? strerror(errno) : gai_strerror(code);
        return -1;
    }
    int descriptor = -1;
    errno = EADDRNOTAVAIL;
    for (const struct addrinfo *each = addresses; each && descriptor < 0; each = each->ai_next)
        descriptor = try_listen(each, backlog, bound_port);
    if (descriptor < 0) *problem = strerror(errno);
    freeaddrinfo(addresses);
    return descriptor;
}

/* The daemon */

static void *on_target(void *context, const char *target, struct MHD_Connection *connection) {
    const struct mhd_callbacks *callbacks = context;
    void *request = callbacks->begin(callbacks->context, target, connection);
    /* The query is read by us alone. A long one would fill the connection's memory with its parts, and the connection be
       closed without a word: the library, whose memory this is, shall find it empty. */
    char *query = strchr(target, '?');
    if (query) query[1] = 0;
    return request;
}

static enum MHD_Result on_access(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                                 const char *version, const char *data, size_t *size, void **request) {
    const struct mhd_callbacks *callbacks = context;
    (void)url;
    size_t taken = *size;
    *size = 0;
    return callbacks->body(*request, connection, method, version, data, taken) ? MHD_YES : MHD_NO;
}

static void on_completed(void *context, struct MHD_Connection *connection, void **request,
                         enum MHD_RequestTerminationCode code) {
    const struct mhd_callbacks *callbacks = context;
    (void)connection;
    if (*request) callbacks->end(*request, (int)code);
    *request = NULL;
}

static void on_connection(void *context, struct MHD_Connection *connection, void **socket_context,
                          enum MHD_ConnectionNotificationCode code) {
    const struct mhd_callbacks *callbacks = context;
    (void)socket_context;
    int descriptor = mhd_descriptor(connection);
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        int on = 1;
        setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        callbacks->opened(callbacks->context, descriptor);
    } else {
        callbacks->closed(callbacks->context, descriptor);
    }
}

static void on_problem(void *context, const char *format, va_list arguments) {
    const struct mhd_callbacks *callbacks = context;
    char text[512];
    vsnprintf(text, sizeof text, format, arguments);
    callbacks->problem(callbacks->context, text);
}

/* Paths are decoded by whoever routes them, once: the library leaves them as they were sent. */
static size_t leave_escaped(void *context, struct MHD_Connection *connection, char *text) {
    (void)context;
    (void)connection;
    return strlen(text);
}

struct MHD_Daemon *mhd_start(const struct mhd_options *options, const struct mhd_callbacks *callbacks) {
    void *context = (void *)callbacks;
    struct MHD_OptionItem items[16];
    int count = 0;
#define OPTION(name, number, pointer) items[count++] = (struct MHD_OptionItem){name, (intptr_t)(number), (void *)(pointer)}
    OPTION(MHD_OPTION_EXTERNAL_LOGGER, on_problem, context);
    OPTION(MHD_OPTION_LISTEN_SOCKET, options->listening_socket, NULL);
    OPTION(MHD_OPTION_CONNECTION_LIMIT, options->connection_limit, NULL);
    OPTION(MHD_OPTION_CONNECTION_TIMEOUT, options->idle_timeout_seconds, NULL);
    OPTION(MHD_OPTION_CONNECTION_MEMORY_LIMIT, options->connection_memory_bytes, NULL);
    OPTION(MHD_OPTION_NOTIFY_COMPLETED, on_completed, context);
    OPTION(MHD_OPTION_NOTIFY_CONNECTION, on_connection, context);
    OPTION(MHD_OPTION_URI_LOG_CALLBACK, on_target, context);
    OPTION(MHD_OPTION_UNESCAPE_CALLBACK, leave_escaped, context);
    OPTION(MHD_OPTION_STRICT_FOR_CLIENT, 1, NULL);
    if (options->threads > 1) OPTION(MHD_OPTION_THREAD_POOL_SIZE, options->threads, NULL);
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG | MHD_USE_ITC;
    if (options->certificate) {
        flags |= MHD_USE_TLS;
        OPTION(MHD_OPTION_HTTPS_MEM_CERT, 0, options->certificate);
        OPTION(MHD_OPTION_HTTPS_MEM_KEY, 0, options->private_key);
    }
    OPTION(MHD_OPTION_END, 0, NULL);
    return library.MHD_start_daemon(flags, 0, NULL, NULL, on_access, context, MHD_OPTION_ARRAY, items, MHD_OPTION_END);
}

int mhd_quiesce(struct MHD_Daemon *daemon) { return library.MHD_quiesce_daemon(daemon); }

void mhd_stop(struct MHD_Daemon *daemon) { library.MHD_stop_daemon(daemon); }

/* Requests */

struct each_header {
    void *context;
    void (*each)(void *, const char *, size_t, const char *, size_t);
};

static enum MHD_Result on_header(void *context, enum MHD_ValueKind kind, const char *name, size_t name_size,
                                 const char *value, size_t value_size) {
    const struct each_header *caller = context;
    (void)kind;
    caller->each(caller->context, name, name_size, value ? value : "", value ? value_size : 0);
    return MHD_YES;
}

void mhd_each_header(struct MHD_Connection *connection, void *context,
                     void (*each)(void *, const char *, size_t, const char *, size_t)) {
    struct each_header caller = {context, each};
    library.MHD_get_connection_values_n(connection, MHD_HEADER_KIND, on_header, &caller);
}

int mhd_descriptor(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info =
        library.MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info ? info->connect_fd : -1;
}

void mhd_suspend(struct MHD_Connection *connection) { library.MHD_suspend_connection(connection); }

void mhd_resume(struct MHD_Connection *connection) { library.MHD_resume_connection(connection); }

void mhd_peer(struct MHD_Connection *connection, char *text, size_t size) {
    text[0] = 0;
    const union MHD_ConnectionInfo *info =
        library.MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    if (!info || !info->client_addr) return;
    if (info->client_addr->sa_family == AF_INET6)
        inet_ntop(AF_INET6, &((struct sockaddr_in6 *)info->client_addr)->sin6_addr, text, (socklen_t)size);
    else if (info->client_addr->sa_family == AF_INET)
        inet_ntop(AF_INET, &((struct sockaddr_in *)info->client_addr)->sin_addr, text, (socklen_t)size);
}

/* Replies */

struct MHD_Response *mhd_reply_bytes(const void *bytes, size_t size) {
    return library.MHD_create_response_from_buffer(size, (void *)bytes, MHD_RESPMEM_MUST_COPY);
}

struct MHD_Response *mhd_reply_reader(uint64_t size, size_t block_size, void *context,
                                      ssize_t (*reader)(void *, uint64_t, char *, size_t), void (*release)(void *)) {
    return library.MHD_create_response_from_callback(size, block_size, reader, context, release);
}

struct MHD_Response *mhd_reply_file(int descriptor, uint64_t offset, uint64_t size) {
    return library.MHD_create_response_from_fd_at_offset64(size, descriptor, offset);
}

int mhd_reply_header(struct MHD_Response *reply, const char *name, const char *value) {
    return library.MHD_add_response_header(reply, name, value) == MHD_YES;
}

int mhd_queue(struct MHD_Connection *connection, unsigned status, struct MHD_Response *reply) {
    int taken = library.MHD_queue_response(connection, status, reply) == MHD_YES;
    library.MHD_destroy_response(reply);
    return taken;
}
