/* The voter's code: made here, shown here; only its public part is sent. */
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const data = JSON.parse(document.getElementById("check-data").dataset.json);
  const place = `thidua-ma-phieu-${data.uuid}-${data.elector}`;
  const byId = (id) => document.getElementById(id);
  let code = "";

  byId("code").hidden = false;
  byId("make-code").addEventListener("click", () => {
    try {
      code = Belenios.newCredential();
      byId("credential").value = Belenios.publicCredential(data.uuid, code);
    } catch (error) {
      byId("code-error").textContent = error.message;
      byId("code-error").hidden = false;
      return;
    }
    byId("code-shown").textContent = code;
    byId("copy-code").dataset.copy = code;
    byId("code-before").hidden = true;
    byId("code-after").hidden = false;
    byId("code-after").scrollIntoView({ block: "center" });
  });
  byId("code-after").addEventListener("submit", () => {
    try {
      if (byId("keep-code").checked) localStorage.setItem(place, code);
      else localStorage.removeItem(place);
    } catch {
      // A browser that keeps nothing: the person has noted the code.
    }
  });
});
