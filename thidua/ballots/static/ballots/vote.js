/* The voter's page: choose, look again, encrypt beside the page, send. What is sent again is the same paper. */
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const form = document.getElementById("vote");
  if (!form) return;
  const byId = (id) => document.getElementById(id);
  const data = JSON.parse(byId("vote-data").dataset.json);
  const election = JSON.parse(data.election);
  const questions = Array.from(form.querySelectorAll(".vote-question"));
  const place = `thidua-ma-phieu-${data.uuid}-${data.elector}`;
  let code = "";
  let choices = [];
  let paper = "";

  form.hidden = false;
  try {
    byId("code").value = localStorage.getItem(place) || "";
  } catch {
    // Nothing kept: the person types the code.
  }

  // --- Choosing ---------------------------------------------------------------------------------
  const isBlank = (question) => question.querySelector(".vote-blank input").checked;
  const marked = (question) =>
    Array.from(question.querySelectorAll("input")).filter((one) => one.checked && !one.closest(".vote-blank"));

  form.addEventListener("change", ({ target }) => {
    const question = target.closest(".vote-question");
    if (!question) return;
    if (target.closest(".vote-blank")) {
      if (target.checked) marked(question).forEach((one) => { one.checked = false; });
    } else {
      question.querySelector(".vote-blank input").checked = false;
    }
    say(question.querySelector("[data-problem]"), "");
    const left = question.querySelector("[data-left]");
    const most = Number(question.dataset.most);
    if (left && most > 1) left.textContent = `Đã chọn ${marked(question).length}/${most}.`;
    paper = "";
  });
  byId("code").addEventListener("input", () => { paper = ""; });

  function say(element, sentence) {
    element.textContent = sentence;
    element.hidden = !sentence;
  }

  /* What is chosen on one question: 0 and 1 for blank and every candidate, or why it cannot stand. */
  function read(question, number) {
    const names = election.questions[number].answers;
    if (isBlank(question)) return { row: [1, ...names.map(() => 0)] };
    const ticked = marked(question);
    if (question.dataset.approves === "1") {
      if (ticked.length < names.length) {
        const first = names.findIndex((_, place) => !ticked.some((one) => one.name === `q${number}-${place}`));
        return { problem: `Dòng “${names[first]}” chưa chọn Đồng ý hay Không đồng ý.` };
      }
      const row = names.map((_, place) =>
        Number(ticked.find((one) => one.name === `q${number}-${place}`).value));
      return { row: [0, ...row] };
    }
    const most = Number(question.dataset.most);
    if (!ticked.length) return { problem: "Chưa chọn dòng nào. Chọn một dòng, hoặc chọn Phiếu trắng." };
    if (ticked.length > most) return { problem: `Đã chọn ${ticked.length} dòng; chỉ được chọn tối đa ${most}.` };
    const chosen = new Set(ticked.map((one) => Number(one.value)));
    return { row: [0, ...names.map((_, place) => Number(chosen.has(place)))] };
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation();
    const found = questions.map(read);
    let first = null;
    questions.forEach((question, number) => {
      say(question.querySelector("[data-problem]"), found[number].problem || "");
      if (found[number].problem) first = first || question;
    });
    code = Belenios.normalCredential(byId("code").value) || "";
    say(byId("code-problem"), code ? "" :
      "Mã phiếu gõ chưa đúng: năm nhóm ba ký tự, chữ hoa khác chữ thường. Hãy xem lại mã đã ghi.");
    byId("code").classList.toggle("is-invalid", !code);
    if (!first && !code) first = byId("code");
    if (first) {
      (first.querySelector && first.querySelector("input") || first).focus();
      return;
    }
    choices = found.map((one) => one.row);
    review();
  });

  function review() {
    byId("review-list").replaceChildren(...choices.flatMap((row, number) => {
      const asked = election.questions[number];
      const title = document.createElement("h3");
      title.textContent = asked.question;
      const list = document.createElement("ul");
      const approves = questions[number].dataset.approves === "1";
      const lines = row[0] ? ["Phiếu trắng"] : asked.answers.flatMap((name, at) => {
        if (approves) return [`${name}: ${row[at + 1] ? "Đồng ý" : "Không đồng ý"}`];
        return row[at + 1] ? [name] : [];
      });
      lines.forEach((line) => {
        const item = document.createElement("li");
        item.textContent = line;
        list.append(item);
      });
      return [title, list];
    }));
    say(byId("vote-error"), "");
    byId("review").showModal();
  }

  // --- Encrypting and sending ----------------------------------------------------------------------
  function encrypt() {
    return new Promise((resolve, reject) => {
      const worker = new Worker(form.dataset.worker);
      worker.onmessage = ({ data: answer }) => {
        if (answer.progress) {
          byId("vote-bar").value = answer.progress[0] / answer.progress[1];
          return;
        }
        worker.terminate();
        if (answer.error) reject(new Error(answer.error));
        else resolve(answer.result.ballot);
      };
      worker.onerror = () => reject(new Error("Trình duyệt không mã hóa được phiếu. Hãy tải lại trang, hoặc xin phiếu giấy."));
      worker.postMessage({ load: form.dataset.scripts.split(" ").map((path) => new URL(path, location.href).href) });
      worker.postMessage({ id: 1, call: "encryptBallot", args: [data.election, code, choices] });
    });
  }

  const lost = () => {
    throw new Error("Mất kết nối tới máy chủ, chưa rõ phiếu đã tới chưa. Bấm gửi lại: phiếu cũ được gửi lại, không thành hai phiếu.");
  };
  const post = () => fetch(form.action, {
    method: "POST",
    headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
    body: new URLSearchParams({ ballot: paper }),
  }).catch(lost);

  /* Who signed in again meanwhile has another token: it is taken from a fresh copy of this page. */
  async function freshToken() {
    const page = await fetch(location.href).then((answer) => answer.text()).catch(lost);
    const found = new DOMParser().parseFromString(page, "text/html").querySelector("#vote [name=csrfmiddlewaretoken]");
    if (found) form.elements.csrfmiddlewaretoken.value = found.value;
    return Boolean(found);
  }

  async function send() {
    let answer = await post();
    if (answer.status === 403 && await freshToken()) answer = await post();
    const said = await answer.json().catch(() => ({}));
    if (answer.ok && said.tracker) return said.tracker;
    throw new Error(said.error || "Máy chủ chưa nhận phiếu: phiên làm việc đã hết. Hãy đăng nhập lại ở thẻ khác rồi bấm gửi lại; lựa chọn còn nguyên.");
  }

  byId("vote-back").addEventListener("click", () => byId("review").close());
  byId("vote-send").addEventListener("click", async () => {
    const buttons = [byId("vote-back"), byId("vote-send")];
    buttons.forEach((one) => { one.disabled = true; });
    say(byId("vote-error"), "");
    byId("vote-progress").hidden = false;
    try {
      byId("vote-state").textContent = "Đang mã hóa phiếu trên máy của bạn…";
      paper = paper || await encrypt();
      byId("vote-state").textContent = "Đang gửi phiếu đã mã hóa…";
      received(await send());
    } catch (error) {
      say(byId("vote-error"), error.message);
      byId("vote-send").textContent = "Gửi lại";
    }
    byId("vote-progress").hidden = true;
    buttons.forEach((one) => { one.disabled = false; });
  });

  function received(tracker) {
    byId("review").close();
    form.reset();
    form.remove();
    byId("review-list").replaceChildren();
    byId("tracker").textContent = tracker;
    byId("copy-tracker").dataset.copy = tracker;
    byId("receipt").hidden = false;
    byId("receipt").focus();
    code = paper = "";
    choices = [];
  }
});
