import MicroHTTPD

extension MLflowAPI {
    /// What this server can do beyond the plain API.
    @Sendable func serverInfo(_ request: Request) -> Reply {
        .json { writer in
            writer.object {
                $0.key("store_type")
                $0.string("SqlStore")
                $0.key("workspaces_enabled")
                $0.bool(false)
                $0.key("trace_archival_enabled")
                $0.bool(false)
                $0.key("multipart_uploads_enabled")
                $0.bool(offersMultipart(request))
                $0.key("multipart_downloads_enabled")
                $0.bool(false)
                $0.key("presigned_upload_run_id_supported")
                $0.bool(false)
                $0.key("presigned_upload_model_id_supported")
                $0.bool(false)
                $0.key("artifact_serving_enabled")
                $0.bool(true)
                $0.key("features_enabled")
                $0.object {
                    $0.key("gateway")
                    $0.bool(false)
                }
            }
        }
    }
}
