//! `wasi:http`: requests go to the granted origins.

use std::future::Future;
use std::sync::Arc;

use http::uri::Scheme;
use http::{Request, Response, Uri};
use wasmtime_wasi_http::{Error, RequestOptions, WasiBody, WasiHttpHooks, default_send_request};
use witgen_grants::{Event, Grants, Guard, Monitor, Origin};

/// What stands between a component and the network.
#[derive(Debug)]
pub(crate) struct Hooks {
    grants: Arc<Grants>,
    monitor: Monitor,
}

impl Hooks {
    pub(crate) fn new(guard: &Guard) -> Self {
        Self { grants: Arc::clone(guard.grants()), monitor: guard.monitor().clone() }
    }

    /// Whether a request may be sent; the audit hears of it either way.
    fn permit(&self, uri: &Uri) -> Result<(), Error> {
        let target = uri.to_string();
        let action = "http.request";
        let failed = |reason: wasmtime::Error| Error::InternalError(Some(reason.to_string()));
        let origin = origin(uri);
        if origin.as_ref().is_some_and(|origin| self.grants.http.allow.contains(origin)) {
            return self.monitor.used(action, &target, "http.allow").map_err(failed);
        }
        let what = match &origin {
            Some(origin) => format!("send a request to `{origin}`"),
            None => format!("send a request to `{target}`"),
        };
        let error = Some("HTTP-request-denied");
        let event = Event { action, target: &target, allowed: false, grant: "http.allow", error };
        self.monitor.denied(&event, &what).map_err(failed)?;
        Err(Error::HttpRequestDenied)
    }
}

/// Where a request goes; none for what has no form as an origin, such as one with a user.
fn origin(uri: &Uri) -> Option<Origin> {
    let scheme = uri.scheme()?;
    let known = *scheme == Scheme::HTTP || *scheme == Scheme::HTTPS;
    // A request with a user in it would be sent to the host behind the `@`.
    known.then(|| format!("{scheme}://{}", uri.authority()?).parse().ok()).flatten()
}

type Io = Box<dyn Future<Output = Result<(), Error>> + Send>;

impl WasiHttpHooks for Hooks {
    fn send_request(
        &mut self,
        request: Request<WasiBody>,
        options: Option<RequestOptions>,
        _: Io,
    ) -> Box<dyn Future<Output = Result<(Response<WasiBody>, Io), Error>> + Send> {
        let permit = self.permit(request.uri());
        Box::new(async move {
            permit?;
            // It follows no redirects, so an origin is all that has to be looked at.
            let (response, io) = default_send_request(request, options).await?;
            Ok((response.map(http_body_util::BodyExt::boxed_unsync), Box::new(io) as Io))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_compared_by_what_they_mean() {
        let shown = |text: &str| origin(&text.parse::<Uri>().unwrap()).map(|origin| origin.to_string());
        assert_eq!(shown("https://API.example.org/a?b").as_deref(), Some("https://api.example.org"));
        assert_eq!(shown("https://api.example.org:443/").as_deref(), Some("https://api.example.org"));
        assert_eq!(shown("http://api.example.org:8080/").as_deref(), Some("http://api.example.org:8080"));
        assert_eq!(shown("http://[::1]:80/").as_deref(), Some("http://[::1]"));
        for other in ["https://api.example.org@evil.example/", "ftp://api.example.org/", "/path"] {
            assert_eq!(shown(other), None, "{other}");
        }
    }
}
