/* libmicrohttpd, opened on first use: linked, it would bring gnutls into the start of every command. Its variadic and
   enum-heavy calls are wrapped, because Swift cannot import them. All functions but mhd_load need mhd_load first. */
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct MHD_Daemon;
struct MHD_Connection;
struct MHD_Response;

/* Opens the library. Null, or why it cannot be opened. May be called by several threads, and again. */
const char *mhd_load(void);
const char *mhd_version(void);

/* A listening, close-on-exec, non-blocking TCP socket for `host` (a name or an address; null for every address) and
   `port` (0: any). The descriptor, and the port it got in *bound_port; or -1 and in *problem why, never null. */
int mhd_listen(const char *host, uint16_t port, int backlog, uint16_t *bound_port, const char **problem);

/* What the library calls, on its threads. `request` is what `begin` answered; `end` gets it back exactly once. */
struct mhd_callbacks {
    void *context;
    /* The request line has arrived; `target` is the path and query as sent. */
    void *(*begin)(void *context, const char *target, struct MHD_Connection *connection);
    /* The head has arrived (first call), then each piece of the body, then its end with size 0. Answers how the
       library goes on: 1, or 0 to cut the connection. All of a piece is taken. */
    int (*body)(void *request, struct MHD_Connection *connection, const char *method, const char *version,
                const char *data, size_t size);
    /* `reason` 0: the reply was sent whole. */
    void (*end)(void *request, int reason);
    void (*opened)(void *context, int descriptor);
    /* Called before the descriptor is closed. */
    void (*closed)(void *context, int descriptor);
    /* Something the library complains about: for the log. */
    void (*problem)(void *context, const char *text);
};

struct mhd_options {
    int listening_socket; /* The library closes it. */
    unsigned threads, connection_limit, idle_timeout_seconds;
    size_t connection_memory_bytes;
    const char *certificate, *private_key; /* PEM text; both or neither. */
};

/* `callbacks` must outlive the daemon. Null if it cannot be started (the problem callback has said why). */
struct MHD_Daemon *mhd_start(const struct mhd_options *options, const struct mhd_callbacks *callbacks);
/* No new connections from now on; answers the listening socket, which the caller closes, or -1. */
int mhd_quiesce(struct MHD_Daemon *daemon);
/* Cuts what is still running, joins the threads. */
void mhd_stop(struct MHD_Daemon *daemon);

/* Calls `each` for every header field of the request, in order. */
void mhd_each_header(struct MHD_Connection *connection, void *context,
                     void (*each)(void *context, const char *name, size_t name_size, const char *value,
                                  size_t value_size));
int mhd_descriptor(struct MHD_Connection *connection);
void mhd_suspend(struct MHD_Connection *connection);
void mhd_resume(struct MHD_Connection *connection);
/* The caller's address as text, without port. */
void mhd_peer(struct MHD_Connection *connection, char *text, size_t size);

/* Replies. `reader` fills at most `max` bytes and answers how many; 0: none now, and it has suspended the connection;
   MHD_READER_END: that was all; MHD_READER_FAILED: cut the connection. */
#define MHD_READER_END ((ssize_t)-1)
#define MHD_READER_FAILED ((ssize_t)-2)
#define MHD_SIZE_UNKNOWN UINT64_MAX
struct MHD_Response *mhd_reply_bytes(const void *bytes, size_t size);
struct MHD_Response *mhd_reply_reader(uint64_t size, size_t block_size, void *context,
                                      ssize_t (*reader)(void *context, uint64_t position, char *buffer, size_t max),
                                      void (*release)(void *context));
/* Takes the descriptor over. */
struct MHD_Response *mhd_reply_file(int descriptor, uint64_t offset, uint64_t size);
int mhd_reply_header(struct MHD_Response *reply, const char *name, const char *value);
/* Sends the reply and gives it up. 0 if the connection takes none now. */
int mhd_queue(struct MHD_Connection *connection, unsigned status, struct MHD_Response *reply);
