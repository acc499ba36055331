// Runs before the page is painted: the theme a person chose, or that of their machine.
"use strict";
(function () {
  var machine = window.matchMedia("(prefers-color-scheme: dark)");
  function chosen() {
    try {
      return localStorage.getItem("theme") || "auto";
    } catch (blocked) {
      return "auto";
    }
  }
  function apply() {
    var theme = chosen();
    var dark = theme === "dark" || (theme === "auto" && machine.matches);
    document.documentElement.dataset.bsTheme = dark ? "dark" : "light";
    document.documentElement.dataset.theme = theme;
  }
  machine.addEventListener("change", apply);
  window.thiduaTheme = {
    chosen: chosen,
    choose: function (theme) {
      try {
        localStorage.setItem("theme", theme);
      } catch (blocked) {
        document.documentElement.dataset.theme = theme;
      }
      apply();
    },
  };
  apply();
})();
