#pragma once
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#define NCURSES_WIDECHAR 1
#include <locale.h>
#include <ncurses.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

// What Swift cannot say of curses: its globals, macros, and strings that may be (char *)-1.

static inline WINDOW *curses_screen_window(void) { return stdscr; }
static inline WINDOW *curses_current_screen(void) { return curscr; }
static inline int curses_colors(void) { return COLORS; }
static inline int curses_color_pairs(void) { return COLOR_PAIRS; }
static inline int curses_rows(void) { return LINES; }
static inline int curses_columns(void) { return COLS; }

/// A file that is only in memory, or -1 with errno.
static inline int curses_memory_file(void) { return memfd_create("gantui frame", MFD_CLOEXEC); }

/// Colours of a terminal entry: 0 for none, -1 where there is no such entry.
static inline int curses_entry_colors(const char *name, int descriptor) {
  TERMINAL *before = cur_term;
  int error = 0;
  char entry[128];
  snprintf(entry, sizeof entry, "%s", name);
  cur_term = NULL;
  if (setupterm(entry, descriptor, &error) != OK) {
    set_curterm(before);
    return -1;
  }
  int colors = tigetnum((char *)"colors");
  TERMINAL *opened = set_curterm(before);
  if (opened != NULL && opened != before) del_curterm(opened);
  return colors < 0 ? 0 : colors;
}

/// A capability's bytes, NULL where the terminal has none.
static inline const char *curses_string(const char *name) {
  char *value = tigetstr((char *)name);
  return value == (char *)-1 ? NULL : value;
}

enum { CURSES_BOLD = 1, CURSES_DIM = 2, CURSES_UNDERLINE = 4, CURSES_REVERSE = 8 };

/// Makes a cell of at most CCHARW_MAX wide characters that end with 0.
static inline int curses_make_cell(cchar_t *cell, const wchar_t *text, unsigned attributes, int pair) {
  attr_t bits = A_NORMAL;
  if (attributes & CURSES_BOLD) bits |= A_BOLD;
  if (attributes & CURSES_DIM) bits |= A_DIM;
  if (attributes & CURSES_UNDERLINE) bits |= A_UNDERLINE;
  if (attributes & CURSES_REVERSE) bits |= A_REVERSE;
  return setcchar(cell, text, bits, (short)(pair > 32767 ? 32767 : pair), &pair);
}

static inline int curses_key_f0(void) { return KEY_F0; }

/// Lets Ctrl-S, Ctrl-Q, Ctrl-V and Ctrl-O reach the program, and makes that the state curses returns to.
static inline void curses_free_control_keys(int descriptor) {
  struct termios modes;
  if (tcgetattr(descriptor, &modes) != 0) return;
  modes.c_iflag &= ~(tcflag_t)(IXON | IXOFF);
  modes.c_lflag &= ~(tcflag_t)IEXTEN;
  tcsetattr(descriptor, TCSADRAIN, &modes);
  def_prog_mode();
}

/// The terminal's size; false where it does not know.
static inline bool curses_window_size(int descriptor, int *high, int *wide) {
  struct winsize size;
  if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0) return false;
  *high = size.ws_row;
  *wide = size.ws_col;
  return true;
}

/// The terminal's size in pixels; false where it does not know.
static inline bool curses_window_pixels(int descriptor, int *high, int *wide) {
  struct winsize size;
  if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_ypixel == 0 || size.ws_xpixel == 0) return false;
  *high = size.ws_ypixel;
  *wide = size.ws_xpixel;
  return true;
}

/// Columns of a character in the current locale, as curses counts them; -1 for those that cannot be printed.
static inline int curses_character_columns(wchar_t character) {
  // <wchar.h> declares it only for X/Open sources.
  extern int wcwidth(wchar_t);
  return wcwidth(character);
}
