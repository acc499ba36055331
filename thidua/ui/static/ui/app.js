// What pages need beyond HTML. Everything still works without it, only less comfortably.
"use strict";
(function () {
  // --- Theme: buttons with data-theme-choice -------------------------------------------------
  function showTheme() {
    var theme = window.thiduaTheme.chosen();
    document.querySelectorAll("[data-theme-choice]").forEach(function (button) {
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === theme));
    });
  }

  // --- Messages that no page reload brings ---------------------------------------------------
  function announce(text) {
    var place = document.getElementById("messages");
    if (!place) return;
    var alert = document.createElement("div");
    alert.className = "notice notice-error";
    alert.setAttribute("role", "alert");
    alert.textContent = text;
    place.replaceChildren(alert);
  }

  // --- Clicks --------------------------------------------------------------------------------
  function copy(button) {
    var label = button.querySelector("[data-copied]");
    navigator.clipboard.writeText(button.dataset.copy).then(function () {
      if (!label) return;
      label.textContent = button.dataset.copiedText || "Đã chép";
    });
  }

  document.addEventListener("click", function (event) {
    var target = event.target.closest("[data-theme-choice],[data-dialog],[data-dialog-close],[data-copy],[data-print]");
    if (!target) return;
    if (target.dataset.themeChoice) {
      window.thiduaTheme.choose(target.dataset.themeChoice);
      showTheme();
    } else if (target.dataset.dialog) {
      var dialog = document.getElementById(target.dataset.dialog);
      if (dialog) dialog.showModal();
    } else if ("dialogClose" in target.dataset) {
      target.closest("dialog").close();
    } else if (target.dataset.copy) {
      copy(target);
    } else if ("print" in target.dataset) {
      window.print();
    }
  });

  // --- A form is sent once -------------------------------------------------------------------
  // The server refuses the second of two equal posts; this spares the person the question.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method !== "post" || form.hasAttribute("hx-post")) return;
    if (form.dataset.sending) {
      event.preventDefault();
      return;
    }
    form.dataset.sending = "true";
    // A download leaves the page where it is: let the form be used again.
    window.setTimeout(function () {
      delete form.dataset.sending;
    }, 4000);
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sending]").forEach(function (form) {
      delete form.dataset.sending;
    });
  });

  // --- Files: say what was chosen, accept what is dropped --------------------------------------
  function size(bytes) {
    var megabytes = bytes / (1024 * 1024);
    var shown = megabytes >= 0.1 ? megabytes.toFixed(1) + " MB" : Math.ceil(bytes / 1024) + " KB";
    return shown.replace(".", ",");
  }
  document.addEventListener("change", function (event) {
    var drop = event.target.type === "file" && event.target.closest(".drop");
    if (!drop) return;
    var names = Array.from(event.target.files, function (file) {
      return file.name + " (" + size(file.size) + ")";
    });
    drop.querySelector(".drop-chosen").textContent = names.join(", ");
    drop.classList.toggle("has-file", names.length > 0);
  });
  ["dragover", "dragleave", "drop"].forEach(function (kind) {
    document.addEventListener(kind, function (event) {
      var drop = event.target.closest && event.target.closest(".drop");
      if (drop) drop.classList.toggle("is-over", kind === "dragover");
    });
  });

  // --- htmx: an answer that did not come is said, never swallowed ------------------------------
  document.addEventListener("htmx:responseError", function (event) {
    var refused = event.detail.xhr.status < 500;
    announce(
      refused
        ? "Máy chủ không nhận thao tác vừa rồi. Hãy tải lại trang rồi làm lại."
        : "Hệ thống gặp lỗi, thao tác vừa rồi chưa được lưu. Hãy tải lại trang rồi làm lại."
    );
  });
  document.addEventListener("htmx:sendError", function () {
    announce("Mất kết nối tới máy chủ, thao tác vừa rồi chưa được lưu. Hãy kiểm tra mạng rồi làm lại.");
  });

  // --- A clock that is wrong: deadlines go by the server's (R12) --------------------------------
  var CLOCK_TOLERANCE = 2 * 60 * 1000;
  function compareClocks() {
    var told = Number(document.body.dataset.serverTime);
    var place = document.getElementById("clock-warning");
    // A page the browser kept from before has the time of then.
    var kept = performance.getEntriesByType("navigation")[0];
    if (!told || !place || (kept && kept.type === "back_forward")) return;
    // The moment the answer began to come, not when all of the page was ready.
    var ours = kept ? performance.timeOrigin + kept.responseStart : Date.now();
    if (Math.abs(ours - told) <= CLOCK_TOLERANCE) return;
    var warning = document.createElement("div");
    warning.className = "notice notice-warning";
    warning.setAttribute("role", "status");
    warning.textContent =
      "Đồng hồ của máy này " + (ours > told ? "nhanh" : "chậm") + " hơn máy chủ khoảng " + apart(Math.abs(ours - told)) +
      ". Mọi hạn nộp tính theo giờ máy chủ: " +
      new Date(told).toLocaleString("vi-VN", { timeZone: "Asia/Ho_Chi_Minh", dateStyle: "short", timeStyle: "short" }) +
      ". Hãy chỉnh lại giờ của máy.";
    place.replaceChildren(warning);
  }
  function apart(milliseconds) {
    var minutes = Math.round(milliseconds / 60000);
    if (minutes < 120) return minutes + " phút";
    var hours = Math.round(minutes / 60);
    return hours < 48 ? hours + " giờ" : Math.round(hours / 24) + " ngày";
  }

  // --- The first error of a refused form gets the focus ----------------------------------------
  document.addEventListener("DOMContentLoaded", function () {
    showTheme();
    compareClocks();
    var summary = document.querySelector("[data-error-summary]");
    if (summary) summary.focus();
  });
})();
