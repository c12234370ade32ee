//! The board in a browser.

use std::time::Duration;

use graph_presence_emulator::{Fault, FaultRule, Operation};
use serde_json::json;

use crate::tenant::{ADA, APP, BOB, STATUS, Tenant, guid};
use crate::webdriver::Browser;

const TAB: &str = "\u{e004}";
const ENTER: &str = "\u{e007}";

/// An expression for what the row of a person says.
fn says(user: &str, part: &str, text: &str) -> String {
    format!(
        "[...document.querySelectorAll('#rows tr')].some((row) => \
         row.querySelector('button').textContent === '{user}' && row.querySelector('{part}').textContent === '{text}')"
    )
}

impl Tenant {
    /// The board of this tenant, on which `marked` tells whether the page was loaded anew.
    async fn opened(&self, test: &str, query: &str) -> Option<Browser> {
        let browser = Browser::start(test).await?;
        browser.open(&format!("{}/{query}", self.emulator.url())).await;
        browser.until("document.querySelector('#connection').dataset.state === 'live'").await;
        browser.run("window.marked = true;").await;
        Some(browser)
    }
}

impl Browser {
    async fn is_as_it_was(&self) {
        assert_eq!(self.run("return window.marked === true;").await, true, "the page was loaded anew");
        assert_eq!(self.complaints().await, json!([]));
    }
}

#[tokio::test]
async fn what_is_clicked_shows_without_a_reload() {
    let tenant = Tenant::new().await;
    let Some(browser) = tenant.opened("what_is_clicked_shows_without_a_reload", "").await else {
        return;
    };
    browser.until(&says(ADA, ".availability", "Offline")).await;
    browser.click("#rows tr:nth-child(2) button").await;
    browser.until("document.querySelector('#detail-availability').textContent === 'Offline'").await;
    browser.click("#sign-in button[type=submit]").await;
    browser.until(&says(ADA, ".availability", "Available")).await;
    assert_eq!(tenant.ada().await, ["Available", "Available"]);
    assert_eq!(browser.run("return document.querySelector('tr.chosen .dot').dataset.kind;").await, "available");

    browser.click("#start-call").await;
    browser.until(&says(ADA, ".activity", "InACall")).await;
    let why = "document.querySelector('#detail-why').textContent.includes('outranks Available of the Teams client')";
    browser.until(why).await;
    browser.click("#end-call").await;
    browser.until(&says(ADA, ".availability", "Available")).await;
    browser.click("#meeting").await;
    browser.until(&says(ADA, ".activity", "InAMeeting")).await;
    browser.write("#reply", "Back on Monday").await;
    browser.click("#out-of-office button[type=submit]").await;
    browser.until("document.querySelector('#detail-out').textContent === 'yes: Back on Monday'").await;
    let settings = json!({"isOutOfOffice": true, "message": "Back on Monday"});
    assert_eq!(tenant.adas("outOfOfficeSettings").await, settings);
    assert_eq!(tenant.ada().await, ["Busy", "InAMeeting"]);
    browser.click("#back-in-office").await;
    browser.until("document.querySelector('#detail-out').textContent === 'no'").await;
    browser.click("#sign-out").await;
    browser.until(&says(ADA, ".availability", "Offline")).await;

    browser.click("#inject button[type=submit]").await;
    browser.until("document.querySelectorAll('#faults li').length === 1").await;
    assert_eq!(tenant.get(&tenant.ada, "/v1.0/me/presence").await.status, 503);
    browser.until("document.querySelector('#requests .failed')?.textContent === '503'").await;
    browser.click("#reset").await;
    browser.click("#do-reset").await;
    browser.until("!document.querySelector('#nobody').hidden").await;
    browser.is_as_it_was().await;
}

#[tokio::test]
async fn faults_are_offered_and_shown_as_the_emulator_serves_them() {
    let tenant = Tenant::new().await;
    let test = "faults_are_offered_and_shown_as_the_emulator_serves_them";
    let Some(browser) = tenant.opened(test, "").await else {
        return;
    };
    browser.until("document.querySelector('#kind').options.length > 0").await;
    for (kind, amount, shown) in [
        ("status", json!(["Status", "503", "400", "599"]), "Error status (503), any operation"),
        ("throttled", json!(["Retry after seconds", "5", "0", ""]), "429, throttled (5), any operation"),
        ("reset", json!(null), "Connection reset, any operation"),
        ("slowBody", json!(["Milliseconds a byte", "50", "0", "10000"]), "Slow body (50), any operation"),
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
    browser.is_as_it_was().await;
}

#[tokio::test]
async fn available_becomes_away_when_the_clock_is_advanced() {
    let tenant = Tenant::new().await;
    tenant.set(APP, "Available", "Available", Some("PT1H")).await;
    let Some(browser) = tenant.opened("available_becomes_away_when_the_clock_is_advanced", "").await else {
        return;
    };
    browser.until(&says(ADA, ".availability", "Available")).await;
    browser.until(&says(ADA, ".next", "Then Available, AvailableInactive at 09:05:00 (in 5 min)")).await;
    browser.click("[data-by=PT10M]").await;
    browser.until(&says(ADA, ".availability", "Away")).await;
    browser.until("document.querySelector('#now').textContent === '2026-01-01 09:10:00 UTC'").await;
    // What others do is seen as well.
    tenant.emulator.advance(Duration::from_secs(50 * 60)).unwrap();
    browser.until(&says(ADA, ".availability", "Offline")).await;
    browser.is_as_it_was().await;
}

#[tokio::test]
async fn ten_thousand_users_are_searched() {
    let tenant = Tenant::new().await;
    let ids: Vec<_> = (0..10_000).map(|n| format!("00000000-0000-0000-0000-{n:012}")).collect();
    tenant.emulator.add_users(ids.iter().map(|id| guid(id)));
    let content = "<img src=x onerror=\"window.marked = false\">";
    tenant.post(&tenant.app, STATUS, &json!({"statusMessage": {"message": {"content": content}}})).await;
    let Some(browser) = tenant.opened("ten_thousand_users_are_searched", "").await else {
        return;
    };
    let range = |text: &str| format!("document.querySelector('#range').textContent === '{text}'");
    browser.until(&range("1\u{2013}25 of 10,002")).await;
    browser.click("#next").await;
    browser.until(&range("26\u{2013}50 of 10,002")).await;
    browser.until(&says(&ids[25], ".availability", "Offline")).await;
    browser.write("#search", "000007777").await;
    browser.until(&range("1\u{2013}1 of 1")).await;
    browser.until(&says(&ids[7_777], ".availability", "Offline")).await;
    browser.run("document.querySelector('#search').value = '';").await;
    browser.write("#search", "onerror").await;
    // What people write is a text, whatever it looks like.
    browser.until(&says(ADA, ".message", content)).await;
    // The address says what is looked at.
    assert_eq!(browser.run("return location.search;").await, "?search=onerror");
    browser.is_as_it_was().await;
}

#[tokio::test]
async fn by_keyboard_alone() {
    let tenant = Tenant::new().await;
    let Some(browser) = tenant.opened("by_keyboard_alone", "").await else {
        return;
    };
    browser.until(&says(BOB, ".availability", "Offline")).await;
    browser.press(TAB).await;
    assert_eq!(browser.run("return document.activeElement.className;").await, "skip");
    browser.press(ENTER).await;
    // Search, new person, its button, and then the first person.
    for _ in 0..4 {
        browser.press(TAB).await;
    }
    assert_eq!(browser.run("return document.activeElement.textContent;").await, BOB);
    browser.press(ENTER).await;
    browser.until("!document.querySelector('#detail').hidden").await;
    assert_eq!(browser.run("return document.activeElement.id;").await, "user");
    // Close, the state, and then to sign in.
    for _ in 0..3 {
        browser.press(TAB).await;
    }
    browser.press(ENTER).await;
    browser.until(&says(BOB, ".availability", "Available")).await;
    // What has been done is said to who cannot see it.
    browser.until("document.querySelector('[role=status]').textContent.includes('Available')").await;
    browser.click("#close").await;
    assert_eq!(browser.run("return document.activeElement.textContent;").await, BOB);
    browser.is_as_it_was().await;
}

/// Every text whose contrast with what is behind it is below 4.5, and every sideways scroll.
const HARD_TO_READ: &str = "
    const context = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
    const colour = (css) => {
      context.clearRect(0, 0, 1, 1);
      context.fillStyle = css;
      context.fillRect(0, 0, 1, 1);
      return context.getImageData(0, 0, 1, 1).data;
    };
    const light = ([...rgba]) => rgba.slice(0, 3)
      .map((part) => part / 255)
      .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
      .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
    const behind = (node) => {
      const back = colour(getComputedStyle(node).backgroundColor);
      return back[3] === 255 || !node.parentElement ? back : behind(node.parentElement);
    };
    const found = [];
    for (const node of document.querySelectorAll('body *')) {
      const hasText = [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
      if (!hasText || !node.checkVisibility({visibilityProperty: true}) || node.disabled) continue;
      const [one, two] = [light(colour(getComputedStyle(node).color)), light(behind(node))].sort((a, b) => b - a);
      const contrast = (one + 0.05) / (two + 0.05);
      if (contrast < 4.5) found.push(`${node.textContent.trim().slice(0, 40)}: ${contrast.toFixed(2)}`);
    }
    const {scrollWidth} = document.documentElement;
    if (scrollWidth > innerWidth) found.push(`wider than the window: ${scrollWidth}`);
    return found;";

#[tokio::test]
async fn everything_has_a_name_and_can_be_read() {
    let tenant = Tenant::new().await;
    tenant.emulator.sign_in(guid(ADA), "Busy", "InAMeeting");
    tenant.emulator.out_of_office(guid(ADA), Some("Back on Monday"));
    tenant.set(APP, "Available", "Available", None).await;
    tenant.emulator.inject(FaultRule::new(Fault::Reset).operation(Operation::SetPresence)).unwrap();
    let query = format!("?user={ADA}");
    let Some(browser) = tenant.opened("everything_has_a_name_and_can_be_read", &query).await else {
        return;
    };
    browser.until("!document.querySelector('#detail').hidden").await;
    let names = browser.names("a[href], button, input, select, [tabindex]:not(h2)").await;
    assert!(names.len() > 25, "{names:?}");
    for (role, name) in &names {
        assert!(!name.trim().is_empty() && role != "generic", "{role} {name:?}");
    }
    let mut unlike: Vec<_> = names.iter().filter(|(role, name)| role == "button" && name != "Remove").collect();
    unlike.sort();
    let count = unlike.len();
    unlike.dedup();
    assert_eq!(unlike.len(), count, "two buttons have one name: {names:?}");
    for (selector, expected) in [
        ("main", "main"),
        ("header", "banner"),
        ("#find", "search"),
        (".list", "table"),
        ("#rows th", "rowheader"),
        ("#said", "status"),
    ] {
        let role = browser.names(selector).await.first().map(|(role, _)| role.clone());
        // What has nothing to say is not displayed.
        assert!(role.as_deref() == Some(expected) || selector == "#said" && role.is_none(), "{selector}: {role:?}");
    }
    for (width, scheme) in [(1_440, "light"), (1_440, "dark"), (900, "light"), (320, "dark")] {
        browser.emulate(width, scheme).await;
        assert_eq!(browser.run(HARD_TO_READ).await, json!([]), "{width} {scheme}");
    }
    browser.is_as_it_was().await;
}
