/* A teller's page. The seed lives in the saved file and, while the page is open, in this script; the
 * server only carries messages. Steps follow each other by themselves as soon as the others are ready. */
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const byId = (id) => document.getElementById(id);
  const data = JSON.parse(byId("keys-data").dataset.json);
  const EVERY = 4000;
  const STATUS = {
    certificate: "Bước 1: tạo khóa, lưu tệp, rồi mở lại chính tệp đó để chắc chắn đã lưu được.",
    polynomial: "Mọi người đã xong bước 1. Mở tệp khóa để làm bước 2.",
    voutput: "Mọi người đã xong bước 2. Mở tệp khóa để làm bước 3.",
    rehearsal: "Khóa chung đã ghép xong. Mở tệp khóa để diễn tập mở phiếu.",
    partial: "Cuộc bỏ phiếu đã đóng. Mở tệp khóa để mở phiếu.",
    wait: "Phần của bạn lúc này đã xong. Để trang này mở: bước tiếp theo tự làm khi mọi người sẵn sàng.",
    done: "Không còn việc gì cho bạn.",
  };
  const READY = "Phần khóa của bạn đã xong, đã diễn tập. Giữ tệp và mật khẩu cho tới khi bỏ phiếu đóng.";
  const STEPS = ["certificate", "polynomial", "voutput", "rehearsal", "partial"];
  let seed = "";
  let busy = false;
  let state = null;

  byId("keys").hidden = false;
  const say = (sentence) => { byId("keys-status").textContent = sentence; };
  function fail(sentence) {
    byId("keys-error").textContent = sentence;
    byId("keys-error").hidden = !sentence;
  }

  // --- Talking with the server -----------------------------------------------------------------------
  async function answerOf(response) {
    const said = await response.json().catch(() => null);
    if (response.ok && said && said.step) return said;
    throw new Error((said && said.error) || "Phiên làm việc đã hết hoặc máy chủ không trả lời. Hãy tải lại trang.");
  }
  async function look() {
    return answerOf(await fetch(data.state, { cache: "no-store" }));
  }
  async function send(step, text) {
    const key = crypto.getRandomValues(new Uint8Array(16));
    return answerOf(await fetch(data.send, {
      method: "POST",
      headers: { "X-CSRFToken": document.querySelector("#keys-forms [name=csrfmiddlewaretoken]").value },
      body: new URLSearchParams({
        step, text, idempotency_key: Array.from(key, (byte) => byte.toString(16).padStart(2, "0")).join(""),
      }),
    }));
  }

  // --- The steps ---------------------------------------------------------------------------------------
  const own = (now) => ({ trustees: now.trustees, seed, owner: data.owner, privateKey: now.privateKey });
  const MAKE = {
    certificate: () => Belenios.certificate(seed),
    polynomial: (now) => Belenios.polynomial(seed, now.certificates, data.threshold),
    voutput: (now) => Belenios.voutput(seed, now.certificates, now.vinput, data.threshold),
    rehearsal: (now) => Belenios.rehearsalPartial({ ...own(now), publicKey: now.publicKey, rehearsal: now.rehearsal }),
    // The sum of the published ballots is formed here: nothing else is ever opened.
    partial: (now) => Belenios.partialDecryption({
      ...own(now), election: now.election, tally: Belenios.sumOfBallots(now.election, now.ballots),
    }),
  };

  function show(now) {
    state = now;
    const at = STEPS.indexOf(now.step);
    const done = now.states[data.owner - 1].done;
    document.querySelectorAll(".key-steps .step").forEach((line, place) => {
      const isDone = place < 4 ? place < done : now.states[data.owner - 1].opened;
      line.className = `step is-${isDone ? "done" : place === at ? "current" : "next"}`;
    });
    document.querySelectorAll("#keys-others [data-progress]").forEach((line, place) => {
      const one = now.states[place];
      line.textContent = `${one.done}/4 bước${one.opened ? ", đã mở phiếu" : ""}`;
    });
    const asks = STEPS.includes(now.step) && !seed;
    byId("keys-make").hidden = now.step !== "certificate" || Boolean(seed);
    byId("keys-open").hidden = !asks;
    if (now.step === "partial") {
      byId("keys-open-title").textContent = "Mở phiếu";
      byId("keys-open-text").textContent =
        `Hòm có ${now.ballots.length} lá phiếu mã hóa. Số này phải đúng với số người đã bỏ phiếu trên máy; ` +
        "khác thì đừng mở, hãy báo người điều hành. Máy của bạn tự cộng các phiếu và chỉ mở tổng.";
      byId("keys-open-submit").textContent = "Mở phiếu";
    } else {
      byId("keys-open-text").textContent = now.step === "certificate"
        ? "Chọn tệp vừa lưu và gõ lại mật khẩu. Chỉ khi tệp mở được, phần khóa công khai mới được gửi."
        : "Tệp và mật khẩu chỉ dùng trên máy này.";
    }
    say(now.step === "wait" && done === 4 ? READY : STATUS[now.step]);
  }

  /* Does what can be done now; asks again later for the rest. Opening the sum is never done unasked:
   * the key is forgotten as soon as the ceremony is over. */
  async function go(asked) {
    if (busy) return;
    busy = true;
    try {
      let now = await look();
      show(now);
      while (seed && MAKE[now.step] && (asked || now.step !== "partial")) {
        say("Máy của bạn đang tính…");
        await new Promise((resolve) => { setTimeout(resolve, 30); });
        const wasPartial = now.step === "partial";
        now = await send(now.step, MAKE[now.step](now));
        show(now);
        if (wasPartial) say("Phần mở phiếu của bạn đã được nhận. Cảm ơn bạn.");
      }
      if (now.states[data.owner - 1].done === 4) seed = "";
      fail("");
    } catch (error) {
      seed = "";
      if (state) show(state);
      fail(error.message);
    }
    busy = false;
  }

  byId("keys-make-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopPropagation();
    fail("");
    const passphrase = byId("new-passphrase").value;
    if (passphrase !== byId("new-passphrase-again").value) {
      fail("Hai lần gõ mật khẩu khác nhau. Hãy gõ lại.");
      return;
    }
    try {
      const text = await Belenios.lockKey({ seed: Belenios.newSeed(), uuid: data.uuid, owner: data.owner }, passphrase);
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
      link.download = `khoa-kiem-phieu-${data.uuid}-${data.owner}.json`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60000);
      say("Đã tạo khóa và lưu tệp. Giờ chọn lại chính tệp đó ở dưới và gõ mật khẩu để hoàn tất bước 1.");
      byId("key-file").focus();
    } catch (error) {
      fail(error.message);
    }
  });

  byId("keys-open-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopPropagation();
    fail("");
    try {
      const file = byId("key-file").files[0];
      if (!file || file.size > 10000) throw new Error("Hãy chọn tệp khóa đã lưu (tệp nhỏ, đuôi .json).");
      const found = await Belenios.openKey(await file.text(), byId("passphrase").value, data.uuid);
      if (found.owner !== data.owner) {
        throw new Error(`Tệp này là khóa của người kiểm phiếu số ${found.owner}, không phải của bạn.`);
      }
      seed = found.seed;
      byId("passphrase").value = "";
    } catch (error) {
      fail(error.message);
      return;
    }
    await go(true);
  });

  go();
  setInterval(() => { if (state && state.step === "wait") go(); }, EVERY);
});
