//! Serves: `enrol-axum 127.0.0.1:8080 policy.toml`. Each decision is one line of JSON on standard error.

use std::net::SocketAddr;
use std::process::ExitCode;

use enrol_axum::{Gate, app};
use instance_identity::{Observer, Policy, Verifier};

#[tokio::main]
async fn main() -> ExitCode {
    match serve().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("enrol-axum: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(address), Some(policy), None) = (arguments.next(), arguments.next(), arguments.next()) else {
        return Err("usage: enrol-axum ADDRESS POLICY.toml".into());
    };
    let observer = Observer::new(|decision| {
        if let Ok(line) = serde_json::to_string(decision) {
            eprintln!("{line}");
        }
    });
    let gate = Gate {
        verifier: Verifier::bundled().rsa2048_only().on_decision(observer.clone()),
        policy: Policy::from_toml(&std::fs::read_to_string(policy)?)?.on_decision(observer),
    };
    let listener = tokio::net::TcpListener::bind(&address).await?;
    axum::serve(listener, app(gate).into_make_service_with_connect_info::<SocketAddr>()).await?;
    Ok(())
}
