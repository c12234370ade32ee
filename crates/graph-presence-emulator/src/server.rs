//! The thread that serves.

use std::convert::Infallible;
use std::future::IntoFuture;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use axum::Router;
use tokio::net::{TcpListener, TcpSocket};
use tokio::runtime;
use tokio::sync::oneshot;

use crate::connection::{ConnectionHandle, ConnectionListener};

/// How long a shutdown waits for a client that does not finish its request.
const GRACE: Duration = Duration::from_secs(1);

/// How many may ask for a connection at once: one more asks again only after a second.
const QUEUE: u32 = 4_096;

/// A server on a thread and a runtime of its own: when the runtime goes, no connection can be left behind.
pub(crate) struct Server {
    address: SocketAddr,
    /// A message asks for a graceful end, dropping the sender for an immediate one.
    stop: Option<oneshot::Sender<()>>,
    ended: oneshot::Receiver<Infallible>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Serves, and runs `beside` for as long.
    pub(crate) async fn start(
        router: Router,
        address: SocketAddr,
        beside: impl Future<Output = ()> + Send + 'static,
    ) -> io::Result<Self> {
        let (started, start) = oneshot::channel();
        let (stop, stopped) = oneshot::channel();
        let (running, ended) = oneshot::channel();
        let thread = thread::Builder::new().name("graph-presence-emulator".to_owned()).spawn(move || {
            run(router, address, beside, started, stopped);
            drop(running);
        })?;
        let address = start.await.map_err(io::Error::other)??;
        Ok(Self { address, stop: Some(stop), ended, thread: Some(thread) })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) async fn shutdown(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        let _ = (&mut self.ended).await;
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn run(
    router: Router,
    address: SocketAddr,
    beside: impl Future<Output = ()> + Send + 'static,
    started: oneshot::Sender<io::Result<SocketAddr>>,
    stopped: oneshot::Receiver<()>,
) {
    let runtime = match runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            let _ = started.send(Err(error));
            return;
        }
    };
    runtime.block_on(async {
        match bind(address) {
            Ok((listener, address)) => {
                let _ = started.send(Ok(address));
                tokio::spawn(beside);
                serve(listener, router, stopped).await;
            }
            Err(error) => {
                let _ = started.send(Err(error));
            }
        }
    });
}

fn bind(address: SocketAddr) -> io::Result<(TcpListener, SocketAddr)> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // A port whose last connections have not timed out yet is free. On Windows this means something else.
    socket.set_reuseaddr(cfg!(unix))?;
    socket.bind(address)?;
    let listener = socket.listen(QUEUE)?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

async fn serve(listener: TcpListener, router: Router, stopped: oneshot::Receiver<()>) {
    let (drain, drained) = oneshot::channel::<Infallible>();
    let service = router.into_make_service_with_connect_info::<ConnectionHandle>();
    let serving = axum::serve(ConnectionListener(listener), service).with_graceful_shutdown(async {
        let _ = drained.await;
    });
    let mut serving = pin!(serving.into_future());
    let graceful = tokio::select! {
        _ = &mut serving => return,
        stop = stopped => stop.is_ok(),
    };
    if graceful {
        drop(drain);
        let _ = tokio::time::timeout(GRACE, serving).await;
    }
}
