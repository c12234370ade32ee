//! The thread of the HTTP server.

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

/// The maximum time for which a shutdown waits for requests in progress.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(1);

/// The backlog of the listening socket. Beyond it, clients retry their connection only after a second.
const BACKLOG: u32 = 4_096;

/// An HTTP server on a separate thread and runtime. Dropping the runtime closes all connections.
pub(crate) struct Server {
    address: SocketAddr,
    /// Sending a message starts a graceful shutdown; dropping the sender stops the server immediately.
    stop: Option<oneshot::Sender<()>>,
    ended: oneshot::Receiver<Infallible>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts the server, and runs the `background` future until the server stops.
    pub(crate) async fn start(
        router: Router,
        address: SocketAddr,
        background: impl Future<Output = ()> + Send + 'static,
    ) -> io::Result<Self> {
        let (started, start) = oneshot::channel();
        let (stop, stopped) = oneshot::channel();
        let (running, ended) = oneshot::channel();
        let thread = thread::Builder::new().name("graph-presence-emulator".to_owned()).spawn(move || {
            run(router, address, background, started, stopped);
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
    background: impl Future<Output = ()> + Send + 'static,
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
                tokio::spawn(background);
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
    // Allows a port whose last connections are in TIME_WAIT. On Windows, the option has a different meaning.
    socket.set_reuseaddr(cfg!(unix))?;
    socket.bind(address)?;
    let listener = socket.listen(BACKLOG)?;
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
        let _ = tokio::time::timeout(SHUTDOWN_TIMEOUT, serving).await;
    }
}
