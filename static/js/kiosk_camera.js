// The camera of a tablet: shows its picture and reads the code of a card in it. It sets
// `self.ciaoCamera(room, isReading, found)`: `isReading()` says whether anybody wants to know, `found(text)` is told.
//
// Where the browser reads codes itself it does; else small grey pictures go to the server, two a second.
(function () {
  "use strict";

  const PAUSE = 500;
  const WIDTH = 640;
  const LATER = 60000;

  self.ciaoCamera = function (room, isReading, found) {
    const video = document.getElementById("picture");
    const canvas = document.createElement("canvas");
    let detector = null;
    let looking = false;
    let note = "";

    // Pictures that were refused or lost are nothing: the next one comes in half a second.
    async function send() {
      const width = Math.min(WIDTH, video.videoWidth);
      canvas.width = width;
      canvas.height = Math.round(video.videoHeight * width / video.videoWidth);
      const brush = canvas.getContext("2d");
      brush.filter = "grayscale(1)";
      brush.drawImage(video, 0, 0, canvas.width, canvas.height);
      const picture = await new Promise(function (resolve) { canvas.toBlob(resolve, "image/jpeg", 0.6); });
      const answer = await fetch(room.getAttribute("data-frame"), {
        method: "POST", body: picture, credentials: "same-origin", headers: { "Content-Type": "image/jpeg" },
      });
      return answer.ok ? (await answer.json()).text : "";
    }

    async function read() {
      if (!detector) return send();
      const codes = await detector.detect(video);
      return codes.length ? codes[0].rawValue : "";
    }

    async function look() {
      setTimeout(look, PAUSE);
      if (looking || !isReading() || video.readyState < 2) return;
      looking = true;
      try {
        const text = await read();
        if (text) found(text);
      } catch (error) {
        // No signal, or the camera was taken away in the middle: the next picture tells.
      }
      looking = false;
    }

    function say() {
      document.querySelectorAll("[data-note]").forEach(function (one) {
        one.hidden = one.getAttribute("data-note") !== note;
      });
    }

    function closed() {
      video.hidden = true;
      video.srcObject = null;
      room.removeAttribute("data-camera");
      setTimeout(open, LATER);
    }

    async function open() {
      if (!navigator.mediaDevices || !navigator.mediaDevices.getUserMedia) {
        note = self.isSecureContext ? "" : "insecure";
        return say();
      }
      try {
        const wish = { video: { facingMode: "user", width: { ideal: 1280 } }, audio: false };
        const stream = await navigator.mediaDevices.getUserMedia(wish);
        note = "";
        say();
        video.srcObject = stream;
        video.hidden = false;
        room.setAttribute("data-camera", "on");
        // It was pulled out, or another program took it.
        stream.getVideoTracks()[0].addEventListener("ended", closed);
        await video.play();
      } catch (error) {
        note = error.name === "NotAllowedError" ? "refused" : "";
        say();
        // What was refused is asked again when the page is loaded; what was busy, in a while.
        if (!note) setTimeout(open, LATER);
      }
    }

    async function findDetector() {
      if (!("BarcodeDetector" in self)) return;
      try {
        const formats = await BarcodeDetector.getSupportedFormats();
        if (formats.includes("qr_code")) detector = new BarcodeDetector({ formats: ["qr_code"] });
      } catch (error) {
        detector = null;
      }
    }

    findDetector();
    open();
    look();
    return say;
  };
})();
