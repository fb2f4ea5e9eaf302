//! Lets EC2 instances enrol over HTTP: evidence in, an accepted document out.
//!
//! [`Enrolled`] is the extractor: a handler that takes one is called for accepted documents alone. It verifies on the thread of the request,
//! without `spawn_blocking`: README.md has the measurement.
//!
//! # Left out
//! One-time use: the same evidence is accepted until it is too old. TLS, and what an instance gets once it has enrolled.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::SystemTime;

use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, FailedToBufferBody};
use axum::extract::{ConnectInfo, DefaultBodyLimit, FromRef, FromRequest, Request};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use instance_identity::{Accepted, Error, Evidence, Expect, Occasion, Part, Policy, UnixTime, Verifier};
use serde_json::{Value, json};

/// Who may enrol: the two questions. Give the same observer to both.
#[derive(Debug)]
pub struct Gate {
    /// Is it authentic? In production `Verifier::bundled().rsa2048_only()`.
    pub verifier: Verifier,
    /// Do we accept it? It should have regions: the document names its own.
    pub policy: Policy,
}

/// The service. Serve it with `into_make_service_with_connect_info`, or a policy with the rule `peer` refuses everybody.
pub fn app(gate: Gate) -> Router {
    Router::new().route("/enrol", post(enrol)).with_state(Arc::new(gate))
}

/// Here an instance would get its certificate or its token.
async fn enrol(Enrolled(accepted): Enrolled) -> Json<Value> {
    let document = accepted.document();
    Json(json!({
        "account_id": document.account_id(),
        "region": document.region(),
        "instance_id": document.instance_id(),
    }))
}

/// An instance that may enrol. The body of the request is the evidence as JSON, whatever its content type.
#[derive(Debug)]
pub struct Enrolled(pub Accepted);

impl<S> FromRequest<S> for Enrolled
where
    Arc<Gate>: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Refusal;

    async fn from_request(mut request: Request, state: &S) -> Result<Self, Refusal> {
        // The address of the connection. Behind a proxy it is the proxy's: then take the one that the proxy vouches for.
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(address)| address.ip());
        DefaultBodyLimit::max(MAX_EVIDENCE).apply(&mut request);
        let body = Bytes::from_request(request, state).await?;
        let now = UnixTime::try_from(SystemTime::now()).map_err(|_| Refusal::Clock)?;
        Ok(Self(Arc::<Gate>::from_ref(state).admit(&body, now, peer)?))
    }
}

impl Gate {
    /// Answers both questions.
    ///
    /// # Errors
    /// That of the first check that fails. One of reading the JSON comes before both questions, so no observer is told of it.
    pub fn admit(&self, body: &[u8], now: UnixTime, peer: Option<IpAddr>) -> Result<Accepted, Error> {
        let evidence = Evidence::from_json(body)?;
        let authentic = self.verifier.verify_evidence(&evidence, Expect::AnyRegion)?;
        self.policy.accept(authentic, &Occasion { now, peer })
    }
}

/// Why an instance may not enrol.
#[derive(Debug)]
pub enum Refusal {
    /// The body did not arrive.
    Body,
    /// The clock of the service is before 1970.
    Clock,
    /// The library refused.
    Refused(Error),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Refused(error)
    }
}

impl From<BytesRejection> for Refusal {
    fn from(rejection: BytesRejection) -> Self {
        match rejection {
            // A body that is too long is an evidence that is: one code and one status, whoever finds out first.
            BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_)) => {
                Self::Refused(Error::InputTooLarge { part: Part::Evidence, limit: MAX_EVIDENCE })
            }
            _ => Self::Body,
        }
    }
}

impl IntoResponse for Refusal {
    /// The status of the class, and a JSON object. An error of the library repeats no signature and no unverified document, so all of it may
    /// be shown to the presenter.
    fn into_response(self) -> Response {
        let (status, body) = match self {
            Self::Body => (StatusCode::BAD_REQUEST, json!({ "code": "body_incomplete" })),
            Self::Clock => (StatusCode::INTERNAL_SERVER_ERROR, json!({ "code": "clock" })),
            Self::Refused(error) => {
                let status = StatusCode::from_u16(error.class().http_status()).unwrap_or(StatusCode::FORBIDDEN);
                let body = json!({
                    "code": error.code(),
                    "class": error.class().as_str(),
                    "message": error.to_string(),
                    "hint": error.hint().map(|hint| hint.to_string()),
                });
                (status, body)
            }
        };
        if status == StatusCode::UNAUTHORIZED {
            // RFC 9110 §15.5.2:
            //   The server generating a 401 response MUST send a WWW-Authenticate header field
            // So there is one, though no scheme is registered for these documents.
            return (status, [(header::WWW_AUTHENTICATE, "InstanceIdentity")], Json(body)).into_response();
        }
        (status, Json(body)).into_response()
    }
}

/// The library's own limit of an evidence.
const MAX_EVIDENCE: usize = 256 * 1024;
