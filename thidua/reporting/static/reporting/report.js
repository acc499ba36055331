// A form as a spreadsheet: move with arrows and Enter, paste a range, save what was changed.
// Without this file the Save button does the same.
"use strict";
(function () {
  var form = document.getElementById("grid");
  var rows = document.getElementById("list-rows");

  // --- List forms: one more row ----------------------------------------------------------------
  if (rows) {
    var add = document.getElementById("add-row");
    add.hidden = false;
    add.addEventListener("click", function () {
      var blank = document.getElementById("blank-row").content.cloneNode(true);
      var number = 1000 + rows.children.length;
      blank.querySelectorAll("[name]").forEach(function (field) {
        field.name = field.name.replace("r-N-", "r-" + number + "-");
      });
      rows.appendChild(blank);
      rows.lastElementChild.querySelector("textarea").focus();
    });
  }
  if (!form) return;

  var cells = Array.from(form.querySelectorAll('input[name^="c-"]'));
  var state = document.getElementById("save-state");
  var problem = document.getElementById("problem");
  // Refused cells wait for a person to touch them again; they do not hold back the others.
  var held = new Set();
  var sending = false;
  var again = false;

  function keyOf(cell) {
    return cell.name.slice(2);
  }
  function seenOf(cell) {
    return form.elements["s-" + keyOf(cell)];
  }
  function savedText(cell) {
    var seen = seenOf(cell).value;
    return seen.slice(seen.indexOf(":") + 1);
  }
  function isDirty(cell) {
    return cell.value.trim() !== savedText(cell).trim();
  }
  function rowOf(cell) {
    return cell.closest("tr");
  }
  function sayError(cell, text) {
    rowOf(cell).classList.toggle("is-refused", Boolean(text));
    cell.toggleAttribute("aria-invalid", Boolean(text));
    document.getElementById("e-" + keyOf(cell)).textContent = text;
  }
  function say(text, bad) {
    state.textContent = text;
    state.classList.toggle("is-bad", Boolean(bad));
  }
  function sayProblem(text) {
    problem.replaceChildren();
    if (!text) return;
    var notice = document.createElement("div");
    notice.className = "notice notice-error";
    notice.textContent = text;
    problem.appendChild(notice);
  }

  // --- Moving ------------------------------------------------------------------------------------
  function move(cell, by) {
    var next = cells[cells.indexOf(cell) + by];
    if (!next) return;
    next.focus();
    next.select();
  }
  form.addEventListener("keydown", function (event) {
    var cell = event.target;
    if (cells.indexOf(cell) < 0 || event.isComposing) return;
    if (event.key === "Enter") {
      event.preventDefault();
      if (event.ctrlKey || event.metaKey) save(true);
      else move(cell, event.shiftKey ? -1 : 1);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(cell, event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Escape") {
      cell.value = savedText(cell);
      touched(cell);
    }
  });

  // --- Pasting a row or a column of cells ----------------------------------------------------------
  // A row of the printed form and a column of a sheet both run down the grid from the cell at hand.
  function partsOf(text) {
    var lines = text.replace(/\r/g, "").replace(/\n$/, "").split("\n");
    return lines.length === 1
      ? lines[0].split("\t")
      : lines.map(function (line) {
          return line.split("\t")[0];
        });
  }
  form.addEventListener("paste", function (event) {
    var at = cells.indexOf(event.target);
    var text = event.clipboardData.getData("text/plain");
    if (at < 0 || !/[\t\n]/.test(text.replace(/\r?\n$/, ""))) return;
    event.preventDefault();
    if (/\t/.test(text) && /\n/.test(text.replace(/\r?\n$/, ""))) {
      say("Hãy chép một hàng hoặc một cột; vùng vừa chép có cả hai.", true);
      return;
    }
    var parts = partsOf(text);
    if (parts.length > cells.length - at) {
      say("Vùng chép có " + parts.length + " ô, từ đây xuống chỉ còn " + (cells.length - at) + " ô. Chưa dán ô nào.", true);
      return;
    }
    parts.forEach(function (part, place) {
      cells[at + place].value = part.trim();
      touched(cells[at + place]);
    });
    save(false);
  });

  // --- Saving --------------------------------------------------------------------------------------
  function touched(cell) {
    held.delete(cell);
    sayError(cell, "");
    rowOf(cell).classList.toggle("is-unsaved", isDirty(cell));
  }
  form.addEventListener("input", function (event) {
    if (cells.indexOf(event.target) >= 0) touched(event.target);
  });
  form.addEventListener("change", function (event) {
    if (cells.indexOf(event.target) >= 0) save(false);
  });
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    event.stopPropagation();
    save(true);
  });

  function save(all) {
    if (sending) {
      again = true;
      return;
    }
    var batch = cells.filter(function (cell) {
      return isDirty(cell) && (all || !held.has(cell));
    });
    if (!batch.length) {
      if (all) say("Không có ô nào thay đổi.");
      return;
    }
    var data = new FormData();
    data.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    var sent = new Map();
    batch.forEach(function (cell) {
      sent.set(cell, cell.value);
      data.append(cell.name, cell.value);
      data.append("s-" + keyOf(cell), seenOf(cell).value);
    });
    sending = true;
    say("Đang lưu…");
    fetch(form.action || window.location.pathname, {
      method: "POST",
      body: data,
      headers: { Accept: "application/json" },
      credentials: "same-origin",
      redirect: "error",
    })
      .then(function (answer) {
        if (![200, 409, 422].includes(answer.status)) throw new Error(String(answer.status));
        return answer.json().then(function (said) {
          if (answer.status === 200) kept(said, sent);
          else refused(said, sent);
        });
      })
      .catch(function () {
        say("Chưa lưu được. Số bạn nhập vẫn còn trong ô; hãy kiểm tra mạng rồi bấm Lưu.", true);
      })
      .finally(function () {
        sending = false;
        if (!again) return;
        again = false;
        save(false);
      });
  }

  function kept(said, sent) {
    sent.forEach(function (text, cell) {
      var answer = said.cells[keyOf(cell)];
      seenOf(cell).value = answer.seen;
      // What was typed meanwhile stays.
      if (cell.value === text) cell.value = answer.value;
      sayError(cell, "");
      rowOf(cell).classList.toggle("is-unsaved", isDirty(cell));
    });
    cells.forEach(function (cell) {
      var row = rowOf(cell);
      var key = keyOf(cell);
      row.classList.toggle("is-error", said.marks[key] === "error");
      row.classList.toggle("is-warning", said.marks[key] === "warning");
      if (row.classList.contains("is-sum")) {
        cell.placeholder = said.computed[key] ? "= " + said.computed[key] : "tự cộng";
      }
    });
    showFindings(said.findings);
    document.getElementById("progress").innerHTML = said.progress;
    sayProblem("");
    var waiting = cells.filter(isDirty).length;
    say(
      waiting ? "Đã lưu " + sent.size + " ô; còn " + waiting + " ô chưa lưu." : "Đã lưu " + sent.size + " ô.",
      waiting > 0
    );
  }

  // Words typed into an explanation stay when the list is shown anew.
  function showFindings(html) {
    var place = document.getElementById("findings");
    var words = new Map();
    place.querySelectorAll("textarea[data-check]").forEach(function (field) {
      if (field.value !== field.defaultValue) words.set(field.dataset.check, field.value);
    });
    place.innerHTML = html;
    place.querySelectorAll("textarea[data-check]").forEach(function (field) {
      if (words.has(field.dataset.check)) field.value = words.get(field.dataset.check);
    });
  }

  function refused(said, sent) {
    sent.forEach(function (text, cell) {
      var key = keyOf(cell);
      if (said.theirs[key]) seenOf(cell).value = said.theirs[key].seen;
      if (!said.errors[key]) return;
      held.add(cell);
      sayError(cell, said.errors[key]);
    });
    sayProblem(said.message);
    say("Chưa lưu.", true);
  }

  window.addEventListener("beforeunload", function (event) {
    if (cells.some(isDirty)) event.preventDefault();
  });
})();
