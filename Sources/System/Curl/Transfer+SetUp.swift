import CCurl
import HTTP

extension Transfer {
    /// Tells libcurl all about the exchange, before it starts.
    func setUp(_ request: HTTPRequest, _ options: HTTPClientOptions) {
        let context = Unmanaged.passUnretained(self).toOpaque()
        ccurl_set_pointer(easy, CURLOPT_PRIVATE, context)
        ccurl_set_pointer(easy, CURLOPT_ERRORBUFFER, details)
        ccurl_set_text(easy, CURLOPT_URL, request.url.description)
        // The path goes out as it was signed.
        ccurl_set_long(easy, CURLOPT_PATH_AS_IS, 1)
        ccurl_set_text(easy, CURLOPT_PROTOCOLS_STR, "http,https")
        ccurl_set_text(easy, CURLOPT_USERAGENT, options.userAgent)
        ccurl_set_pointer(easy, CURLOPT_HTTPHEADER, lines)
        ccurl_set_long(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS)
        ccurl_set_long(easy, CURLOPT_NOSIGNAL, 1)
        ccurl_set_long(easy, CURLOPT_TCP_KEEPALIVE, 1)
        ccurl_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, milliseconds(options.connectTimeout))
        ccurl_set_long(easy, CURLOPT_LOW_SPEED_LIMIT, 1)
        ccurl_set_long(easy, CURLOPT_LOW_SPEED_TIME, max(1, milliseconds(options.stallTimeout) / 1000))
        ccurl_set_long(easy, CURLOPT_BUFFERSIZE, 256 << 10)
        ccurl_set_long(easy, CURLOPT_UPLOAD_BUFFERSIZE, 512 << 10)
        if let timeout = request.timeout { ccurl_set_long(easy, CURLOPT_TIMEOUT_MS, max(1, milliseconds(timeout))) }
        if request.followsRedirects, request.method == .get || request.method == .head {
            ccurl_set_long(easy, CURLOPT_FOLLOWLOCATION, 1)
            ccurl_set_long(easy, CURLOPT_MAXREDIRS, 5)
            ccurl_set_text(easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https")
        }
        if let path = options.certificateAuthorities {
            (path.map { CChar(bitPattern: $0) } + [0]).withUnsafeBufferPointer {
                _ = ccurl_set_text(easy, CURLOPT_CAINFO, $0.baseAddress)
            }
        }
        ccurl_set_data_callback(easy, CURLOPT_HEADERFUNCTION, onHeader)
        ccurl_set_pointer(easy, CURLOPT_HEADERDATA, context)
        ccurl_set_data_callback(easy, CURLOPT_WRITEFUNCTION, onBody)
        ccurl_set_pointer(easy, CURLOPT_WRITEDATA, context)
        setUpBody(request, context)
    }

    private func setUpBody(_ request: HTTPRequest, _ context: UnsafeMutableRawPointer) {
        let method = request.method
        if method == .head { ccurl_set_long(easy, CURLOPT_NOBODY, 1) }
        if case .none = request.body, ![.put, .post, .patch].contains(method) {
            if method != .get, method != .head { ccurl_set_text(easy, CURLOPT_CUSTOMREQUEST, method.rawValue) }
            return
        }
        ccurl_set_long(easy, CURLOPT_UPLOAD, 1)
        ccurl_set_text(easy, CURLOPT_CUSTOMREQUEST, method.rawValue)
        ccurl_set_size(easy, CURLOPT_INFILESIZE_LARGE, curl_off_t(clamping: request.body.sizeBytes))
        ccurl_set_data_callback(easy, CURLOPT_READFUNCTION, onBodyWanted)
        ccurl_set_pointer(easy, CURLOPT_READDATA, context)
        ccurl_set_seek_callback(easy, onRewind)
        ccurl_set_pointer(easy, CURLOPT_SEEKDATA, context)
    }

    private func milliseconds(_ duration: Duration) -> Int {
        Int(duration.components.seconds) * 1000 + Int(duration.components.attoseconds / 1_000_000_000_000_000)
    }
}
