//! A server that gives every request the same answer, from a thread of its own.

use std::net::TcpListener;
use std::{io, thread};

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::runtime;

/// Starts the server and gives its URL; it ends with the program. All its connections are served by one thread, so that
/// none is better placed than another.
pub(crate) fn start(body: &str) -> io::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    listener.set_nonblocking(true)?;
    let url = format!("http://{}", listener.local_addr()?);
    let length = body.len();
    let head = format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n");
    let answer = head + body;
    thread::spawn(move || -> io::Result<()> {
        runtime::Builder::new_current_thread().enable_io().build()?.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener)?;
            loop {
                let (connection, _) = listener.accept().await?;
                // It ends when the client's end does.
                tokio::spawn(serve(connection, answer.clone()));
            }
        })
    });
    Ok(url)
}

async fn serve(connection: TcpStream, answer: String) -> io::Result<()> {
    connection.set_nodelay(true)?;
    let mut connection = BufReader::new(connection);
    let mut line = String::new();
    let mut body = Vec::new();
    let mut length = 0;
    while connection.read_line(&mut line).await? > 0 {
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().map_err(io::Error::other)?;
        }
        if line.trim().is_empty() {
            body.resize(std::mem::take(&mut length), 0);
            connection.read_exact(&mut body).await?;
            connection.write_all(answer.as_bytes()).await?;
        }
        line.clear();
    }
    Ok(())
}
