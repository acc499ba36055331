/* Does the arithmetic of a ballot beside the page, so that the page stays alive and shows progress.
 * First message: {load: [addresses of sjcl.js and belenios.js]}; then {id, call, args}. */
"use strict";

self.onmessage = async ({ data }) => {
  if (data.load) {
    self.importScripts(...data.load);
    return;
  }
  const { id, call, args } = data;
  try {
    const all = call === "encryptBallot"
      ? [...args, (done, total) => self.postMessage({ id, progress: [done, total] })]
      : args;
    self.postMessage({ id, result: await self.Belenios[call](...all) });
  } catch (error) {
    self.postMessage({ id, error: error.message });
  }
};
