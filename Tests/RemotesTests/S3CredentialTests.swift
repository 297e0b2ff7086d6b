import Diagnostics
import Files
import HTTP
import Synchronization
import TestSupport
import Testing

@testable import Remotes

@Suite struct S3CredentialTests {
    private func find(
        _ variables: [String: String], home: AbsolutePath = AbsolutePath("/nonexistent"), profile: String? = nil
    ) throws -> (credentials: S3Credentials?, ends: Timestamp?) {
        var variables = variables
        if variables["AWS_EC2_METADATA_SERVICE_ENDPOINT"] == nil { variables["AWS_EC2_METADATA_DISABLED"] = "true" }
        let chain = S3CredentialChain(
            profile: profile, region: "r", remote: "s3://b", environment: try testEnvironment(variables, home: home))
        let lease = try chain.find()
        return (lease.value, lease.ends)
    }

    @Test func `the environment comes first`() throws {
        let found = try find([
            "AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "B", "AWS_SESSION_TOKEN": "C", "AWS_PROFILE": "x",
        ])
        #expect(
            found.credentials
                == S3Credentials(accessKeyID: "A", secretKey: Secret("B"), sessionToken: Secret("C")))
    }

    @Test func `a profile is read from both files of AWS's tools`() throws {
        let folder = try TemporaryFolder()
        try folder.write(
            """
            # comment
            [default]
            aws_access_key_id = D1
            aws_secret_access_key = D2
            s3 =
                max_queue_size = 5
            [ work ]
            aws_access_key_id=W1
            aws_secret_access_key = W=2
            aws_session_token = W3
            """, to: ".aws/credentials")
        try folder.write(
            "[profile other]\r\naws_access_key_id = O1\r\naws_secret_access_key = O2\r\n", to: ".aws/config")
        #expect(try find([:], home: folder.path).credentials?.accessKeyID == "D1")
        let work = S3Credentials(accessKeyID: "W1", secretKey: Secret("W=2"), sessionToken: Secret("W3"))
        #expect(try find(["AWS_PROFILE": "work"], home: folder.path).credentials == work)
        #expect(try find([:], home: folder.path, profile: "other").credentials?.accessKeyID == "O1")
        let error = #expect(throws: RemoteError.self) { try find([:], home: folder.path, profile: "absent") }
        #expect(
            error?.message
                == "remote s3://b: credentials cannot be read from profile absent: there is no such profile with a key")
    }

    @Test func `nothing anywhere says where it was looked for`() throws {
        let error = #expect(throws: RemoteError.self) { try find([:]) }
        #expect(
            error?.description == """
                remote s3://b: no credentials were found (tried: environment, web identity, profile default, container, \
                instance metadata)
                hint: set the environment variables, a profile, or `anonymous` for the remote
                """)
    }

    @Test func `a container's service is asked with its token`() throws {
        let server = try TestServer { request in
            request.headers["Authorization"] == "Bearer t"
                ? TestServer.Response(
                    text: """
                        {"AccessKeyId": "C1", "SecretAccessKey": "C2", "Token": "C3", "Expiration": "2026-11-21T10:20:30Z"}
                        """) : TestServer.Response(.unauthorized)
        }
        defer { server.stop() }
        let variables = [
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": "\(server.origin)/creds",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN": "Bearer t",
        ]
        let found = try find(variables)
        #expect(
            found.credentials == S3Credentials(accessKeyID: "C1", secretKey: Secret("C2"), sessionToken: Secret("C3")))
        #expect(found.ends?.description == "2026-11-21T10:20:30.000Z")
        var refused = variables
        refused["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "x"
        let error = #expect(throws: RemoteError.self) { try find(refused) }
        #expect(
            error?.message
                == "remote s3://b: credentials cannot be read from container: the service answered 401 Unauthorized")
    }

    @Test func `an instance's metadata are asked with a token of their own`() throws {
        let server = try TestServer { request in
            switch (request.method, request.path) {
            case ("PUT", "/latest/api/token"): TestServer.Response(text: "imds-token")
            case ("GET", _) where request.headers["X-aws-ec2-metadata-token"] != "imds-token":
                TestServer.Response(.unauthorized)
            case (_, "/latest/meta-data/iam/security-credentials/"): TestServer.Response(text: "my-role\n")
            case (_, "/latest/meta-data/iam/security-credentials/my-role"):
                TestServer.Response(text: "{\"AccessKeyId\": \"I1\", \"SecretAccessKey\": \"I2\", \"Token\": \"I3\"}")
            default: TestServer.Response(.notFound)
            }
        }
        defer { server.stop() }
        #expect(
            try find(["AWS_EC2_METADATA_SERVICE_ENDPOINT": server.origin]).credentials
                == S3Credentials(accessKeyID: "I1", secretKey: Secret("I2"), sessionToken: Secret("I3")))
    }

    @Test func `a web identity is exchanged for credentials`() throws {
        let folder = try TemporaryFolder()
        try folder.write("jwt\n", to: "token")
        let server = try TestServer { _ in
            TestServer.Response(
                text: """
                    <AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>
                    <AccessKeyId>S1</AccessKeyId><SecretAccessKey>S2&amp;</SecretAccessKey>
                    <SessionToken>S3</SessionToken><Expiration>2026-11-21T10:20:30Z</Expiration>
                    </Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>
                    """)
        }
        defer { server.stop() }
        let found = try find([
            "AWS_WEB_IDENTITY_TOKEN_FILE": folder["token"].description, "AWS_ROLE_ARN": "arn:aws:iam::1:role/x",
            "AWS_ENDPOINT_URL_STS": server.origin,
        ])
        #expect(found.credentials?.secretKey.exposed == "S2&")
        let form = QueryItem.parse(String(decoding: server.requests.first?.body ?? [], as: UTF8.self)) ?? []
        #expect(form.contains(QueryItem("WebIdentityToken", "jwt")))
        #expect(form.contains(QueryItem("RoleArn", "arn:aws:iam::1:role/x")))
    }

    @Test func `what is renewable is fetched again five minutes before it ends`() throws {
        let now = Mutex(Int64(0))
        let fetches = Mutex(0)
        let renewable = Renewable<Int>(clock: Clock { Timestamp(milliseconds: now.withLock { $0 }) }) {
            let count = fetches.withLock { count in
                count += 1
                return count
            }
            return .init(value: count, ends: Timestamp(milliseconds: now.withLock { $0 } + 3_600_000))
        }
        #expect(try renewable.value() == 1)
        now.withLock { $0 = 3_200_000 }
        #expect(try renewable.value() == 1)
        now.withLock { $0 = 3_300_001 }
        #expect(try renewable.value() == 2)
        renewable.discard()
        #expect(try renewable.value() == 3)
    }
}
