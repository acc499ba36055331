// Sections of the narrative: saved as they are typed, figures put in by a button.
// Without this file "Lưu mục này" does the same.
"use strict";
(function () {
  var WAIT = 2500;
  var sections = Array.from(document.querySelectorAll(".narrative-form")).map(start);

  function start(form) {
    var field = form.elements.text;
    var one = {
      form: form,
      field: field,
      home: form.closest(".narrative-section"),
      saved: field.defaultValue,
      problem: form.querySelector(".narrative-problem"),
      state: form.querySelector(".save-state"),
      timer: 0,
      sending: false,
      again: false,
      // A refused text waits for a person to touch it again.
      held: false,
    };
    // What came back refused is not what is stored.
    if (one.problem.children.length) {
      one.saved = null;
      one.held = true;
    }
    field.addEventListener("input", function () {
      touched(one);
    });
    field.addEventListener("change", function () {
      if (!one.held) save(one, "");
    });
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      event.stopPropagation();
      var box = form.querySelector('input[name="confirmed"]');
      save(one, box && box.checked ? box.value : "", true);
    });
    return one;
  }

  function isDirty(one) {
    return one.saved === null || one.field.value.trim() !== one.saved.trim();
  }
  function say(one, text, bad) {
    one.state.textContent = text;
    one.state.classList.toggle("is-bad", Boolean(bad));
  }
  function touched(one) {
    one.held = false;
    one.home.classList.toggle("is-unsaved", isDirty(one));
    say(one, "");
    window.clearTimeout(one.timer);
    one.timer = window.setTimeout(function () {
      if (!one.held) save(one, "");
    }, WAIT);
  }

  function save(one, confirmed, asked) {
    window.clearTimeout(one.timer);
    if (one.sending) {
      one.again = true;
      return;
    }
    if (!isDirty(one)) {
      if (asked) say(one, "Không có gì thay đổi.");
      return;
    }
    var text = one.field.value;
    var data = new FormData();
    data.append("csrfmiddlewaretoken", one.form.elements.csrfmiddlewaretoken.value);
    data.append("section", one.form.elements.section.value);
    data.append("seen", one.form.elements.seen.value);
    data.append("text", text);
    if (confirmed) data.append("confirmed", confirmed);
    one.sending = true;
    say(one, "Đang lưu…");
    fetch(window.location.pathname, {
      method: "POST",
      body: data,
      headers: { Accept: "application/json" },
      credentials: "same-origin",
      redirect: "error",
    })
      .then(function (answer) {
        if (![200, 409, 422].includes(answer.status)) throw new Error(String(answer.status));
        return answer.json().then(function (said) {
          if (answer.status === 200) kept(one, said, text);
          else refused(one, said);
        });
      })
      .catch(function () {
        say(one, "Chưa lưu được. Chữ bạn viết vẫn còn trong ô; hãy kiểm tra mạng rồi bấm Lưu mục này.", true);
      })
      .finally(function () {
        one.sending = false;
        if (!one.again) return;
        one.again = false;
        if (!one.held) save(one, "");
      });
  }

  function kept(one, said, text) {
    one.saved = text;
    one.form.elements.seen.value = said.seen;
    one.problem.replaceChildren();
    one.home.classList.remove("is-refused");
    one.home.classList.toggle("is-unsaved", isDirty(one));
    one.form.querySelector("[data-words]").textContent = said.words;
    one.form.querySelector("[data-stamp]").textContent = said.stamp ? " · " + said.stamp : "";
    document.getElementById("progress").textContent = said.progress;
    document.getElementById("state").innerHTML = said.badge;
    say(one, isDirty(one) ? "Đã lưu; còn chữ chưa lưu." : "Đã lưu.");
    if (isDirty(one)) touched(one);
  }

  function refused(one, said) {
    one.held = true;
    one.home.classList.add("is-refused");
    one.problem.replaceChildren(notice(said.message));
    say(one, "Chưa lưu.", true);
    var acts = document.createElement("div");
    acts.className = "narrative-acts";
    if (said.theirs) {
      one.problem.appendChild(theirs(said.theirs));
      acts.appendChild(act("Giữ bản của tôi", function () {
        one.form.elements.seen.value = said.theirs.seen;
        save(one, "", true);
      }));
      acts.appendChild(act("Lấy bản đang lưu", function () {
        one.form.elements.seen.value = said.theirs.seen;
        one.field.value = said.theirs.text;
        one.saved = said.theirs.text;
        one.problem.replaceChildren();
        one.home.classList.remove("is-refused", "is-unsaved");
        say(one, "");
      }));
    }
    if (said.token) {
      acts.appendChild(act("Tôi đã xem lại, vẫn lưu", function () {
        save(one, said.token, true);
      }));
    }
    if (acts.children.length) one.problem.appendChild(acts);
  }
  function notice(text) {
    var found = document.createElement("div");
    found.className = "notice notice-error";
    found.textContent = text;
    return found;
  }
  function theirs(said) {
    var found = document.createElement("div");
    found.className = "narrative-theirs";
    var head = document.createElement("p");
    head.textContent = "Bản đang lưu (" + said.stamp + "):";
    var text = document.createElement("div");
    text.className = "narrative-text";
    text.textContent = said.text || "(trống)";
    found.append(head, text);
    return found;
  }
  function act(label, does) {
    var button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-secondary btn-sm";
    button.textContent = label;
    button.addEventListener("click", does);
    return button;
  }

  // --- Figures -------------------------------------------------------------------------------------
  function insert(id, text) {
    var field = document.getElementById(id);
    var before = field.value.slice(0, field.selectionEnd).replace(/[ \t]+$/, "");
    var after = field.value.slice(field.selectionEnd);
    var gap = before && !before.endsWith("\n") ? "\n" : "";
    var tail = after && !after.startsWith("\n") ? "\n" : "";
    field.value = before + gap + text + tail + after;
    var place = (before + gap + text).length;
    field.focus();
    field.setSelectionRange(place, place);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
  document.querySelectorAll("[data-insert]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      insert(button.dataset.insert, button.closest("li").querySelector("[data-sentence]").textContent);
    });
  });
  document.querySelectorAll("[data-insert-all]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      var all = Array.from(button.closest("details").querySelectorAll("[data-sentence]"));
      insert(button.dataset.insertAll, all.map(function (each) { return each.textContent; }).join("\n"));
    });
  });
  // On a narrow screen the figures are folded: the text comes first.
  if (window.matchMedia("(max-width: 60rem)").matches) {
    document.querySelectorAll(".narrative-figures").forEach(function (each) {
      each.open = false;
    });
  }

  window.addEventListener("beforeunload", function (event) {
    if (sections.some(isDirty)) event.preventDefault();
  });
})();
