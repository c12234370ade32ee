//! The board, driven by a browser.

use std::time::Duration;

use graph_presence_emulator::{Fault, FaultRule, Operation};
use serde_json::json;

use crate::tenant::{ADA, APP, BOB, SET_STATUS_MESSAGE, Tenant, guid};
use crate::webdriver::Browser;

const TAB: &str = "\u{e004}";
const ENTER: &str = "\u{e007}";

/// Returns a JavaScript expression that is true if an element in the row of the user has this text.
fn row_has(user: &str, part: &str, text: &str) -> String {
    format!(
        "[...document.querySelectorAll('#rows tr')].some((row) => \
         row.querySelector('button').textContent === '{user}' && row.querySelector('{part}').textContent === '{text}')"
    )
}

impl Tenant {
    /// Opens the board of this emulator. `window.marked` is lost if the page is reloaded.
    async fn open_board(&self, test: &str, query: &str) -> Option<Browser> {
        let browser = Browser::start(test).await?;
        browser.open(&format!("{}/{query}", self.emulator.url())).await;
        browser.until("document.querySelector('#connection').dataset.state === 'live'").await;
        browser.run("window.marked = true;").await;
        Some(browser)
    }
}

impl Browser {
    /// Asserts that the page was not reloaded and logged no errors.
    async fn assert_intact(&self) {
        assert_eq!(self.run("return window.marked === true;").await, true, "the page was reloaded");
        assert_eq!(self.console_messages().await, json!([]));
    }
}

#[tokio::test]
async fn clicks_change_the_page_without_a_reload() {
    let tenant = Tenant::new().await;
    let Some(browser) = tenant.open_board("clicks_change_the_page_without_a_reload", "").await else {
        return;
    };
    browser.until(&row_has(ADA, ".availability", "Offline")).await;
    browser.click("#rows tr:nth-child(2) button").await;
    browser.until("document.querySelector('#detail-availability').textContent === 'Offline'").await;
    browser.click("#sign-in button[type=submit]").await;
    browser.until(&row_has(ADA, ".availability", "Available")).await;
    assert_eq!(tenant.ada_state().await, ["Available", "Available"]);
    assert_eq!(browser.run("return document.querySelector('tr.selected .dot').dataset.kind;").await, "available");

    browser.click("#start-call").await;
    browser.until(&row_has(ADA, ".activity", "InACall")).await;
    let reason = "document.querySelector('#detail-reason').textContent
        .includes('outranks Available of the Teams client')";
    browser.until(reason).await;
    browser.click("#end-call").await;
    browser.until(&row_has(ADA, ".availability", "Available")).await;
    browser.click("#meeting").await;
    browser.until(&row_has(ADA, ".activity", "InAMeeting")).await;
    browser.write("#automatic-reply", "Back on Monday").await;
    browser.click("#out-of-office button[type=submit]").await;
    browser.until("document.querySelector('#detail-out-of-office').textContent === 'yes: Back on Monday'").await;
    let settings = json!({"isOutOfOffice": true, "message": "Back on Monday"});
    assert_eq!(tenant.ada_property("outOfOfficeSettings").await, settings);
    assert_eq!(tenant.ada_state().await, ["Busy", "InAMeeting"]);
    browser.click("#back-in-office").await;
    browser.until("document.querySelector('#detail-out-of-office').textContent === 'no'").await;
    browser.click("#sign-out").await;
    browser.until(&row_has(ADA, ".availability", "Offline")).await;

    browser.click("#inject button[type=submit]").await;
    browser.until("document.querySelectorAll('#faults li').length === 1").await;
    assert_eq!(tenant.get(&tenant.ada, "/v1.0/me/presence").await.status, 503);
    browser.until("document.querySelector('#requests .failed')?.textContent === '503'").await;
    browser.click("#reset").await;
    browser.click("#do-reset").await;
    browser.until("!document.querySelector('#no-users').hidden").await;
    browser.assert_intact().await;
}

#[tokio::test]
async fn the_form_offers_the_fault_kinds_of_the_emulator() {
    let tenant = Tenant::new().await;
    let test = "the_form_offers_the_fault_kinds_of_the_emulator";
    let Some(browser) = tenant.open_board(test, "").await else {
        return;
    };
    browser.until("document.querySelector('#kind').options.length > 0").await;
    for (kind, amount, shown) in [
        ("status", json!(["Status", "503", "400", "599"]), "Error status (503), any operation"),
        ("throttled", json!(["Retry-After in seconds", "5", "0", ""]), "429 Too Many Requests (5), any operation"),
        ("reset", json!(null), "Connection reset, any operation"),
        ("slowBody", json!(["Milliseconds per byte", "50", "0", "10000"]), "Slow body (50), any operation"),
        ("skew", json!(["Seconds ahead", "300", "-86400", "86400"]), "Clock skew (300), any operation"),
    ] {
        let choose = format!(
            "const kind = document.querySelector('#kind');
             kind.value = '{kind}';
             kind.dispatchEvent(new Event('change'));
             const {{value, min, max}} = document.querySelector('#amount');
             const label = document.querySelector('#amount-label').textContent;
             return document.querySelector('#amount-field').hidden ? null : [label, value, min, max];"
        );
        assert_eq!(browser.run(&choose).await, amount, "{kind}");
        browser.click("#inject button[type=submit]").await;
        browser.until(&format!("document.querySelector('#faults li span')?.textContent.startsWith('{shown}')")).await;
    }
    let faults = tenant.control("GET", "/faults", json!(null)).await.json();
    let faults: Vec<_> = faults["value"].as_array().unwrap().iter().map(|active| &active["rule"]["fault"]).collect();
    assert_eq!(
        json!(faults),
        json!([
            {"kind": "status", "status": 503},
            {"kind": "throttled", "retryAfter": {"seconds": 5}},
            {"kind": "reset"},
            {"kind": "slowBody", "milliseconds": 50},
            {"kind": "skew", "seconds": 300},
        ])
    );
    browser.assert_intact().await;
}

#[tokio::test]
async fn advancing_the_clock_changes_available_to_away() {
    let tenant = Tenant::new().await;
    tenant.set_session(APP, "Available", "Available", Some("PT1H")).await;
    let Some(browser) = tenant.open_board("advancing_the_clock_changes_available_to_away", "").await else {
        return;
    };
    browser.until(&row_has(ADA, ".availability", "Available")).await;
    browser.until(&row_has(ADA, ".next", "Then Available, AvailableInactive at 09:05:00 (in 5 min)")).await;
    browser.click("[data-by=PT10M]").await;
    browser.until(&row_has(ADA, ".availability", "Away")).await;
    browser.until("document.querySelector('#now').textContent === '2026-01-01 09:10:00 UTC'").await;
    // Changes from outside the board are shown as well.
    tenant.emulator.advance(Duration::from_secs(50 * 60)).unwrap();
    browser.until(&row_has(ADA, ".availability", "Offline")).await;
    browser.assert_intact().await;
}

#[tokio::test]
async fn ten_thousand_users_can_be_searched() {
    let tenant = Tenant::new().await;
    let ids: Vec<_> = (0..10_000).map(|n| format!("00000000-0000-0000-0000-{n:012}")).collect();
    tenant.emulator.add_users(ids.iter().map(|id| guid(id)));
    let content = "<img src=x onerror=\"window.marked = false\">";
    tenant.post(&tenant.app, SET_STATUS_MESSAGE, &json!({"statusMessage": {"message": {"content": content}}})).await;
    let Some(browser) = tenant.open_board("ten_thousand_users_can_be_searched", "").await else {
        return;
    };
    let range = |text: &str| format!("document.querySelector('#range').textContent === '{text}'");
    browser.until(&range("1\u{2013}25 of 10,002")).await;
    browser.click("#next").await;
    browser.until(&range("26\u{2013}50 of 10,002")).await;
    browser.until(&row_has(&ids[25], ".availability", "Offline")).await;
    browser.write("#search", "000007777").await;
    browser.until(&range("1\u{2013}1 of 1")).await;
    browser.until(&row_has(&ids[7_777], ".availability", "Offline")).await;
    browser.run("document.querySelector('#search').value = '';").await;
    browser.write("#search", "onerror").await;
    // Content of users is shown as text, not as HTML.
    browser.until(&row_has(ADA, ".message", content)).await;
    // The URL contains the search.
    assert_eq!(browser.run("return location.search;").await, "?search=onerror");
    browser.assert_intact().await;
}

#[tokio::test]
async fn the_board_can_be_used_by_keyboard() {
    let tenant = Tenant::new().await;
    let Some(browser) = tenant.open_board("the_board_can_be_used_by_keyboard", "").await else {
        return;
    };
    browser.until(&row_has(BOB, ".availability", "Offline")).await;
    browser.press(TAB).await;
    assert_eq!(browser.run("return document.activeElement.className;").await, "skip");
    browser.press(ENTER).await;
    // Search, id of a new user, its button, the first user.
    for _ in 0..4 {
        browser.press(TAB).await;
    }
    assert_eq!(browser.run("return document.activeElement.textContent;").await, BOB);
    browser.press(ENTER).await;
    browser.until("!document.querySelector('#detail').hidden").await;
    assert_eq!(browser.run("return document.activeElement.id;").await, "user");
    // Close, the state, the button to sign in.
    for _ in 0..3 {
        browser.press(TAB).await;
    }
    browser.press(ENTER).await;
    browser.until(&row_has(BOB, ".availability", "Available")).await;
    // Changes are announced to screen readers.
    browser.until("document.querySelector('[role=status]').textContent.includes('Available')").await;
    browser.click("#close").await;
    assert_eq!(browser.run("return document.activeElement.textContent;").await, BOB);
    browser.assert_intact().await;
}

/// A script that returns every text whose contrast ratio is below 4.5 (WCAG AA), and any horizontal overflow.
const READABILITY_PROBLEMS: &str = "
    const context = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
    const color = (css) => {
      context.clearRect(0, 0, 1, 1);
      context.fillStyle = css;
      context.fillRect(0, 0, 1, 1);
      return context.getImageData(0, 0, 1, 1).data;
    };
    const luminance = ([...rgba]) => rgba.slice(0, 3)
      .map((part) => part / 255)
      .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
      .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
    const background = (node) => {
      const back = color(getComputedStyle(node).backgroundColor);
      return back[3] === 255 || !node.parentElement ? back : background(node.parentElement);
    };
    const found = [];
    for (const node of document.querySelectorAll('body *')) {
      const hasText = [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
      if (!hasText || !node.checkVisibility({visibilityProperty: true}) || node.disabled) continue;
      const pair = [luminance(color(getComputedStyle(node).color)), luminance(background(node))];
      const [lighter, darker] = pair.sort((a, b) => b - a);
      const contrast = (lighter + 0.05) / (darker + 0.05);
      if (contrast < 4.5) found.push(`${node.textContent.trim().slice(0, 40)}: ${contrast.toFixed(2)}`);
    }
    const {scrollWidth} = document.documentElement;
    if (scrollWidth > innerWidth) found.push(`wider than the window: ${scrollWidth}`);
    return found;";

#[tokio::test]
async fn elements_have_accessible_names_and_readable_text() {
    let tenant = Tenant::new().await;
    tenant.emulator.sign_in(guid(ADA), "Busy", "InAMeeting");
    tenant.emulator.out_of_office(guid(ADA), Some("Back on Monday"));
    tenant.set_session(APP, "Available", "Available", None).await;
    tenant.emulator.inject(FaultRule::new(Fault::Reset).operation(Operation::SetPresence)).unwrap();
    let query = format!("?user={ADA}");
    let Some(browser) = tenant.open_board("elements_have_accessible_names_and_readable_text", &query).await else {
        return;
    };
    browser.until("!document.querySelector('#detail').hidden").await;
    let names = browser.names("a[href], button, input, select, [tabindex]:not(h2)").await;
    assert!(names.len() > 25, "{names:?}");
    for (role, name) in &names {
        assert!(!name.trim().is_empty() && role != "generic", "{role} {name:?}");
    }
    let mut buttons: Vec<_> = names.iter().filter(|(role, name)| role == "button" && name != "Remove").collect();
    buttons.sort();
    let count = buttons.len();
    buttons.dedup();
    assert_eq!(buttons.len(), count, "two buttons have the same name: {names:?}");
    for (selector, expected) in [
        ("main", "main"),
        ("header", "banner"),
        ("#find", "search"),
        (".list", "table"),
        ("#rows th", "rowheader"),
        ("#notification", "status"),
    ] {
        let role = browser.names(selector).await.first().map(|(role, _)| role.clone());
        // An empty notification is not displayed.
        let is_empty = selector == "#notification" && role.is_none();
        assert!(role.as_deref() == Some(expected) || is_empty, "{selector}: {role:?}");
    }
    for (width, scheme) in [(1_440, "light"), (1_440, "dark"), (900, "light"), (320, "dark")] {
        browser.emulate(width, scheme).await;
        assert_eq!(browser.run(READABILITY_PROBLEMS).await, json!([]), "{width} {scheme}");
    }
    browser.assert_intact().await;
}
