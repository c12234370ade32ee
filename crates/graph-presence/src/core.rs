//! The state that a client, its handles and its requests share.

use std::sync::Arc;

use crate::binding::UserBinding;
use crate::error::{Error, Result};
use crate::hold::SessionRenewer;
use crate::id::SessionId;
use crate::transport::Transport;

/// The shared state of a client. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Core {
    pub(crate) transport: Arc<Transport>,
    pub(crate) renewer: Arc<SessionRenewer>,
    session_id: Option<SessionId>,
}

impl Core {
    pub(crate) fn new(transport: Transport, session_id: Option<SessionId>) -> Self {
        let renewer = Arc::new(SessionRenewer::new(&transport));
        Self { transport: Arc::new(transport), renewer, session_id }
    }

    /// Returns the shared state for requests for one user.
    pub(crate) fn target(&self, binding: UserBinding) -> UserTarget {
        UserTarget { core: self.clone(), binding }
    }
}

/// The shared state of a client, and the user of a request.
#[derive(Clone, Debug)]
pub(crate) struct UserTarget {
    core: Core,
    pub(crate) binding: UserBinding,
}

impl UserTarget {
    pub(crate) fn transport(&self) -> &Transport {
        &self.core.transport
    }

    pub(crate) fn renewer(&self) -> &Arc<SessionRenewer> {
        &self.core.renewer
    }

    /// Returns the session id, or an error if the client was built without one.
    pub(crate) fn session_id(&self) -> Result<&SessionId> {
        self.core.session_id.as_ref().ok_or_else(|| {
            let message = "session id not set: call ClientBuilder::session_id with the application (client) id";
            Error::invalid_input(message)
        })
    }
}
