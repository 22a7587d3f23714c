//! Sending a file as it lies on the disk. The browser streams it by itself; the client of the
//! server functions would need it in memory first.

use crate::api::imports::{FILE_ADDRESS, ImportStep, NAME_HEADER, STEP_HEADER};
use crate::client::{CSRF_HEADER, csrf_token};
use crate::error::AppError;
use futures::{Stream, stream};
use js_sys::{Function, Object, Promise, Reflect, Uint8Array};
use leptos::server_fn::Bytes;
use leptos::server_fn::error::FromServerFnError;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Sends a file; gives the body of the answer, chunk by chunk.
pub(super) async fn send(
    file: &web_sys::File,
    step: ImportStep,
) -> Result<impl Stream<Item = Result<Vec<u8>, AppError>>, AppError> {
    let answer = fetch(file, step).await.map_err(|_| AppError::Offline)?;
    let is_ok = get(&answer, "ok").is_ok_and(|ok| ok.is_truthy());
    if !is_ok {
        let said = waited(&answer, "text").await.ok().and_then(|text| text.as_string());
        return Err(AppError::de(Bytes::from(said.unwrap_or_default())));
    }
    let reader = get(&answer, "body").and_then(|body| call(&body, "getReader")).map_err(|_| AppError::Unreadable)?;
    Ok(stream::unfold(reader, async |reader| {
        let chunk = next(&reader).await.map_err(|_| AppError::Offline).transpose()?;
        Some((chunk, reader))
    }))
}

/// The next chunk of a reader; `None` at the end.
async fn next(reader: &JsValue) -> Result<Option<Vec<u8>>, JsValue> {
    let read = waited(reader, "read").await?;
    if get(&read, "done")?.is_truthy() {
        return Ok(None);
    }
    Ok(Some(Uint8Array::new(&get(&read, "value")?).to_vec()))
}

async fn fetch(file: &web_sys::File, step: ImportStep) -> Result<JsValue, JsValue> {
    let headers = Object::new();
    let name = String::from(js_sys::encode_uri_component(&file.name()));
    for (key, value) in
        [(CSRF_HEADER, csrf_token().unwrap_or_default()), (NAME_HEADER, name), (STEP_HEADER, step.word().to_owned())]
    {
        Reflect::set(&headers, &key.into(), &value.into())?;
    }
    let order = Object::new();
    Reflect::set(&order, &"method".into(), &"POST".into())?;
    Reflect::set(&order, &"headers".into(), &headers)?;
    Reflect::set(&order, &"body".into(), file)?;
    let window: JsValue = leptos::prelude::window().into();
    let fetch: Function = get(&window, "fetch")?.dyn_into()?;
    let promise: Promise = fetch.call2(&window, &FILE_ADDRESS.into(), &order)?.dyn_into()?;
    JsFuture::from(promise).await
}

fn get(of: &JsValue, name: &str) -> Result<JsValue, JsValue> {
    Reflect::get(of, &name.into())
}

fn call(of: &JsValue, method: &str) -> Result<JsValue, JsValue> {
    get(of, method)?.dyn_into::<Function>()?.call0(of)
}

/// Calls a method and waits for what it promises.
async fn waited(of: &JsValue, method: &str) -> Result<JsValue, JsValue> {
    JsFuture::from(call(of, method)?.dyn_into::<Promise>()?).await
}
